import { readdirSync } from 'node:fs'
import { type ClientRequest, request } from 'node:http'
import { join } from 'node:path'
import type { NotebookFile } from '@rivulet/server/notebook/model'
import type { Problem } from '@rivulet/server/notebook/problems'

export interface ToUpload {
  url: string
  token?: string
  notebookId: string
  name: string
  table?: string
  replace?: boolean
  headers?: Record<string, string>
}

export interface Uploaded {
  status: number
  file?: NotebookFile
  rev?: number
  problem?: Problem
}

function addressOf({ url, notebookId, name, table, replace }: ToUpload): string {
  const query = new URLSearchParams({ name, ...(table !== undefined && { table }), ...(replace && { replace: 'true' }) })
  return `${url}/api/notebooks/${encodeURIComponent(notebookId)}/files?${query}`
}

const headersOf = ({ token, headers }: ToUpload) => ({
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
  ...headers,
})

/** Sends a file as the page does. */
export async function upload(to: ToUpload, body: string | Uint8Array): Promise<Uploaded> {
  const response = await fetch(addressOf(to), { method: 'POST', headers: headersOf(to), body: Buffer.from(body) })
  const answer = (await response.json()) as { file?: NotebookFile; rev?: number; error?: { data: { problem: Problem } } }
  return { status: response.status, file: answer.file, rev: answer.rev, problem: answer.error?.data.problem }
}

/** Begins one whose pieces the test writes by itself. `length` 0: it does not say how long it will be. */
export function beginUpload(to: ToUpload, length = 0): ClientRequest {
  const headers = { ...headersOf(to), ...(length > 0 && { 'content-length': String(length) }) }
  const sending = request(addressOf(to), { method: 'POST', headers })
  // What is cut ends in an error here, too.
  sending.on('error', () => undefined)
  return sending
}

/** Names of what is kept of uploads. */
export const storedIn = (dataDir: string): string[] => readdirSync(join(dataDir, 'files')).sort()
