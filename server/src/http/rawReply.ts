import type { Duplex } from 'node:stream'
import { ANY_HEADERS } from './headers.ts'

const HEADERS = { ...ANY_HEADERS, Connection: 'close', 'Content-Length': '0' }

const lines = (headers: Record<string, string>) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')

/** Time to read a refusal before the connection goes: going at once would take it away from who is still sending. */
const READING_MS = 1_000

/** The whole answer to what did not become a request, or must not become a socket; the connection ends with it, whether or not its other end does. */
export function refuseRaw(connection: Duplex, status: string, headers: Record<string, string> = {}): void {
  // Nobody else listens to this connection any more: one that breaks now must not end the process.
  connection.on('error', () => connection.destroy())
  connection.end(`HTTP/1.1 ${status}\r\n${lines({ ...HEADERS, ...headers })}\r\n`)
  connection.resume()
  const timer = setTimeout(() => connection.destroy(), READING_MS)
  connection.once('close', () => clearTimeout(timer))
}

/** By the code of the error with which the parser gave up on a connection. */
const STATUS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

/** What came was not HTTP, or did not come in time. */
export function refuseNoRequest(error: Error & { code?: string }, connection: Duplex): void {
  if (error.code === 'ECONNRESET' || !connection.writable) connection.destroy()
  else refuseRaw(connection, STATUS[error.code ?? ''] ?? '400 Bad Request')
}
