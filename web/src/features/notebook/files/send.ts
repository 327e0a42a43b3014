import type { NotebookFile } from '@rivulet/server/notebook/model'
import type { Problem } from '@rivulet/server/notebook/problems'
import { session } from '../../account/session.ts'
import { UploadRefused } from './refused.ts'

export interface ToSend {
  notebookId: string
  file: File
  /** Another name for the table than the file's. */
  table?: string
  replace?: boolean
  signal: AbortSignal
  /** The part that has left, 0 to 1; then the server reads. */
  onProgress: (sent: number) => void
}

/** `fetch` does not tell how much of a body has left. Rejects with `UploadRefused`, or a sentence; never when it was given up. */
export async function send(given: ToSend): Promise<Made | undefined> {
  const token = await session.token()
  if (given.signal.aborted) return undefined
  return await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', addressOf(given))
    request.setRequestHeader('authorization', `Bearer ${token}`)
    request.setRequestHeader('x-rivulet-via', 'ui')
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({ loaded, total }) => given.onProgress(total > 0 ? loaded / total : 1)
    request.onload = () => {
      const answer = answerOf(request.responseText)
      if (request.status === 200 && answer?.file) resolve({ file: answer.file, sheets: answer.sheets ?? 1 })
      else reject(refusal(request.status, answer))
    }
    request.onerror = () => reject(new Error('The connection broke while the file was sent. Nothing of it was kept.'))
    request.onabort = () => resolve(undefined)
    given.signal.addEventListener('abort', () => request.abort())
    request.send(given.file)
  })
}

/** `sheets`: of a workbook, of which the first is the table. */
export interface Made {
  file: NotebookFile
  sheets: number
}

interface Answer {
  file?: NotebookFile
  sheets?: number
  error?: { data?: { problem?: Problem } }
}

function addressOf({ notebookId, file, table, replace }: ToSend): string {
  const query = new URLSearchParams({
    name: file.name,
    ...(table !== undefined && { table }),
    ...(replace && { replace: 'true' }),
  })
  return `/api/notebooks/${encodeURIComponent(notebookId)}/files?${query}`
}

function answerOf(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer
  } catch {
    return undefined
  }
}

/** A proxy in front may refuse, too, and not in our words. */
function refusal(status: number, answer: Answer | undefined): Error {
  const problem = answer?.error?.data?.problem
  if (problem) return new UploadRefused(problem)
  if (status === 413) return new Error('The file is too large for what stands before the server.')
  return new Error(`The server did not take the file (status ${status}).`)
}
