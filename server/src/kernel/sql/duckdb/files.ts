import { randomBytes } from 'node:crypto'
import { copyFile, link, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseError, type InputFile } from '../engine.ts'
import { firstLineOf } from './firstLine.ts'
import type { FileFacts } from './inside/protocol.ts'
import { type DuckDbProcess, Refused } from './process.ts'
import { FileAnswer } from './reports.ts'

/** Files that the processes of one engine have read, by the name of their table. */
export class LoadedFiles {
  readonly #loaded = new WeakMap<DuckDbProcess, Map<string, string>>()

  /** Read, unless this very one is there. Rejects as asking does. */
  async need(process: DuckDbProcess, run: string, file: InputFile): Promise<void> {
    const known = this.#of(process)
    if (known.get(file.name) === file.id) return
    await readInto(process, run, file).catch((error: unknown) => {
      throw ofTable(file.name, error)
    })
    known.set(file.name, file.id)
  }

  async forget(process: DuckDbProcess, name: string): Promise<void> {
    if (this.#of(process).delete(name)) await process.ask({ kind: 'drop-file', name })
  }

  #of(process: DuckDbProcess): Map<string, string> {
    const known = this.#loaded.get(process) ?? new Map<string, string>()
    this.#loaded.set(process, known)
    return known
  }
}

/** For somebody who sees a cell, not the file. */
function ofTable(name: string, error: unknown): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    return new DatabaseError(`The file of the table “${name}” is not there any more: upload it again.`, { statement: 0 })
  if (!(error instanceof Refused) || error.failure.kind !== 'database') return error
  return new Refused({ ...error.failure, message: `The file of the table “${name}” cannot be read: ${error.failure.message}` })
}

/**
 * The file becomes a table of the process. The process reaches nothing but its own folder: there the file has a second name while
 * it is read. No statement of a cell runs meanwhile, and the name cannot be guessed.
 */
export async function readInto(process: DuckDbProcess, run: string, { name, path, format }: InputFile): Promise<FileFacts> {
  const called = randomBytes(16).toString('hex')
  const lent = join(process.folder.outside, called)
  try {
    const { delimiter, fields } = await firstLineOf(path, format)
    // On another disk, or of another user, it has to be copied.
    await link(path, lent).catch(() => copyFile(path, lent))
    const file = { path: `${process.folder.inside}/${called}`, format, delimiter, fields }
    const { answer } = await process.ask({ kind: 'file', run, name, file })
    return FileAnswer.parse(answer)
  } finally {
    await rm(lent, { force: true })
  }
}
