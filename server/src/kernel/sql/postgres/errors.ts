import pg from 'pg'
import { HostRefused } from '../../../connections/hosts.ts'
import { DatabaseError, EngineGone, RunCancelled } from '../engine.ts'
import { WireError } from './guard.ts'

/** What went wrong, as a sentence for the user. */
export interface Explained {
  message: string
  /** SQLSTATE, or the system's word. */
  code?: string
  /** In the statement: characters from 1. */
  offset?: number
  /** Nothing more can be done on this connection. */
  lost: boolean
}

/** Of the connection, not of a statement. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly code: string | undefined

  constructor({ message, code }: Explained) {
    super(message)
    this.code = code
  }
}

const LOST = 'The connection to PostgreSQL was lost. Nothing that this run did is kept: run the cell again.'

const SENTENCES = new Map<string, string>([
  ['25006', 'This connection only reads. Who may change data is set with the connection.'],
  ['28P01', 'Check the user and the password of the connection.'],
  ['28000', 'Check the user and the password of the connection, and whether the server wants TLS (sslmode).'],
  ['3D000', 'Check the name of the database.'],
  ['53300', 'Other programs hold all of its connections: try again later, or let the server accept more.'],
  ['57P03', 'Try again in a moment.'],
  ['42P18', 'Write the type that it has behind it, as in ::text.'],
])

const SYSTEM = new Map<string, string>([
  ['ECONNREFUSED', 'Nothing accepts connections there: is PostgreSQL running, and is the port right?'],
  ['ENOTFOUND', 'There is no host of this name.'],
  ['EAI_AGAIN', 'The name of the host could not be looked up just now.'],
  ['ETIMEDOUT', 'The host does not answer.'],
  ['EHOSTUNREACH', 'The host cannot be reached from this server.'],
  ['ENETUNREACH', 'The host cannot be reached from this server.'],
])

/** Of a system that ended the connection. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'])
/** Class 08, and what a server says that shuts down. */
const SHUT = /^(08...|57P0[12])$/

export function explain(error: unknown): Explained {
  if (error instanceof pg.DatabaseError) return explainServer(error)
  const { message, code } = error instanceof Error ? (error as Error & { code?: string }) : { message: String(error) }
  if (error instanceof WireError || error instanceof HostRefused) return { message, lost: true }
  const known = code === undefined ? undefined : SYSTEM.get(code)
  if (known) return { message: `PostgreSQL cannot be reached. ${known}`, code: code as string, lost: true }
  if (isTls(message, code)) return { message: tlsSentence(message), ...(code && { code }), lost: true }
  if (message === 'timeout expired') return { message: 'PostgreSQL cannot be reached. The host does not answer.', lost: true }
  if (
    (code !== undefined && BROKEN.has(code)) ||
    message.startsWith('Connection terminated') ||
    message.includes('not queryable')
  )
    return { message: LOST, ...(code && { code }), lost: true }
  return { message, ...(code && { code }), lost: false }
}

function explainServer({ message, code = '', detail, hint, position, severity }: pg.DatabaseError): Explained {
  const said = [message, detail, hint].filter((part) => part !== undefined && part !== '').map((part) => sentence(part as string))
  const more = SENTENCES.get(code)
  const offset = Number(position)
  const lost = SHUT.test(code) || severity === 'FATAL'
  return {
    message: SHUT.test(code) ? `${LOST} The server says: ${said[0]}` : [...said, ...(more ? [more] : [])].join(' '),
    code,
    ...(position !== undefined && Number.isSafeInteger(offset) && { offset }),
    lost,
  }
}

function sentence(text: string): string {
  const full = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(full) ? full : `${full}.`
}

function isTls(message: string, code: string | undefined): boolean {
  return isWithoutTls(message) || /certificate|self.signed|altname|SSL|TLS/i.test(`${message} ${code}`)
}

/** The server has no TLS, or says so. */
export function isWithoutTls(message: string): boolean {
  return message === 'The server does not support SSL connections'
}

function tlsSentence(message: string): string {
  if (isWithoutTls(message))
    return 'The server has no TLS, which the connection asks for (sslmode): use sslmode=disable on a network that you trust.'
  return `The server’s certificate or its TLS is not accepted: ${sentence(message)} sslmode=require encrypts without asking who is there.`
}

/** As engines reject with it. */
export function databaseError(error: unknown, statement: number): Error {
  if (error instanceof RunCancelled || error instanceof EngineGone) return error
  if (error instanceof DatabaseError && error.statement === statement) return error
  if (error instanceof ConnectionError)
    return new DatabaseError(error.message, { statement, ...(error.code && { code: error.code }) })
  const { message, code, offset } = explain(error)
  return new DatabaseError(message, { statement, ...(code && { code }), ...(offset !== undefined && { offset }) })
}
