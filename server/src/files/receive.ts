import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { Refused, unreadable } from './refused.ts'

export interface Receiving {
  path: string
  /** It has to be UTF-8. */
  isText: boolean
  /** Told how much has come, before it is written; throws when that is too much. */
  onBytes(total: number): void
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * Writes what comes to a new file, piece by piece: the next one is taken when the one before is written. When this
 * resolves, it is on the disk. Rejects with `Refused`, or when the sender goes away. Returns how many bytes there were.
 */
export async function receive(from: Readable, { path, isText, onBytes }: Receiving): Promise<number> {
  const file = await open(path, 'w', 0o600)
  const check = isText ? textCheck() : undefined
  let total = 0
  try {
    // What is not taken is thrown away by the connection, so that the sender hears why.
    for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      total += chunk.length
      onBytes(total)
      check?.(chunk)
      await file.writeFile(chunk)
    }
    check?.()
    if (total === 0) throw unreadable('it is empty.')
    await file.sync()
    return total
  } catch (error) {
    throw isFull(error) ? new Refused({ kind: 'unavailable', reason: 'storage', detail: 'disk, which is full,' }, error) : error
  } finally {
    await file.close()
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FULL.has(String(error.code))
}

/** Called with each piece, and with nothing at the end. */
function textCheck(): (chunk?: Buffer) => void {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let isFirst = true
  return (chunk) => {
    if (isFirst && chunk && isUtf16(chunk)) throw unreadable('it is UTF-16. Save it as UTF-8.')
    isFirst = false
    if (chunk?.includes(0)) throw unreadable('it is no text.')
    try {
      decoder.decode(chunk, { stream: chunk !== undefined })
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw unreadable('it is not UTF-8 text. Save it as UTF-8.')
    }
  }
}

const isUtf16 = (chunk: Buffer) => (chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff)
