import type { Readable } from 'node:stream'
import type { FileTables } from '@rivulet/db/files'
import type { DuckDbPool } from '../kernel/sql/duckdb/pool.ts'
import { DatabaseError } from '../kernel/sql/engine.ts'
import { type Actor, LIMITS, type NotebookFile } from '../notebook/model.ts'
import { fileName } from '../notebook/tables.ts'
import type { Library } from '../session/library.ts'
import type { Session } from '../session/session.ts'
import type { FileFolder } from './folder.ts'
import { formatOf, shownNameOf, tableNameOf } from './names.ts'
import { receive } from './receive.ts'
import { Refused, unreadable } from './refused.ts'
import type { Room } from './room.ts'
import { Turns } from './turns.ts'

export interface UploadsOptions {
  folder: FileFolder
  tables: FileTables
  room: Room
  library: Library
  inspect: DuckDbPool['inspect']
}

export interface Upload {
  notebookId: string
  by: Actor
  /** As the file is called where it comes from. */
  name: string
  /** Another name for its table than that one makes. */
  table: string | undefined
  /** In the place of a file that is the same table. */
  replace: boolean
  /** How much will come, as far as that was said. */
  bytes: number
  from: Readable
  /** Told of each piece. */
  onProgress(): void
  /** Aborts when nobody waits for the answer. */
  signal: AbortSignal
}

/** Each takes as much memory as a notebook's engine. */
const READ_AT_ONCE = 2
const BINARY: ReadonlySet<NotebookFile['format']> = new Set(['parquet', 'xlsx'])
/** What the database needs in any case. */
const KEPT_FREE = 64 * 2 ** 20

export interface Taken {
  file: NotebookFile
  rev: number
  /** Of a workbook: how many it has. Only the first is the table. */
  sheets?: number
}

/** Files on their way into notebooks, and out of them. */
export class Uploads {
  readonly #options: UploadsOptions
  readonly #turns = new Turns(READ_AT_ONCE)

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  /** Rejects with `Refused`, and leaves nothing behind then. */
  async take(upload: Upload): Promise<Taken> {
    const { folder, library, tables } = this.#options
    const name = shownNameOf(upload.name)
    if (name === undefined)
      throw new Refused({ kind: 'invalid-input', issues: [{ path: 'name', message: 'is no name of a file' }] })
    const known = formatOf(name)
    if (!known.ok) throw unreadable(known.message)
    const table = tableNameOf(upload.table === undefined ? name : `${upload.table}.`)
    const session = this.#session(upload)
    const replaced = this.#admit(session, table, upload.replace)
    const room = this.#options.room.take(upload.by.userId, upload.bytes, replaced?.bytes ?? 0)
    const held = library.sessions.hold(session)
    const { content, path } = folder.begin()
    try {
      if ((await folder.free()) < upload.bytes + KEPT_FREE)
        throw new Refused({ kind: 'unavailable', reason: 'storage', detail: 'disk, which is full,' })
      const onBytes = (total: number) => {
        room.grow(total)
        upload.onProgress()
      }
      const bytes = await receive(upload.from, { path, isText: !BINARY.has(known.format), onBytes })
      const { sheets, ...facts } = await this.#read(path, known.format, upload.signal)
      folder.keep(content)
      const file = { id: content, name, table, format: known.format, bytes, ...facts, uploadedAt: new Date().toISOString() }
      const rev = this.#add(upload, file)
      folder.settled(content)
      // What it has taken the place of.
      folder.sweep(tables.contents())
      return { file, rev, ...(sheets !== undefined && { sheets }) }
    } catch (error) {
      folder.discard(content)
      throw error
    } finally {
      held.release()
      room.release()
    }
  }

  #session({ by, notebookId }: Upload): Session {
    const opened = this.#options.library.open(by.userId, notebookId)
    if (!opened.ok) throw new Refused(opened.problem)
    return opened.value
  }

  /** What could be said only after all of it has come is asked before. Returns the file that will go. */
  #admit(session: Session, table: string, replace: boolean): NotebookFile | undefined {
    const same = session.state.files.find((file) => file.table === table)
    if (same && !replace) throw new Refused({ kind: 'table-taken', table, by: 'file' })
    const isMade = [...session.state.cells.values()].some(({ defines }) => defines.includes(fileName(table)))
    if (!same && isMade) throw new Refused({ kind: 'table-taken', table, by: 'cell' })
    if (!same && session.state.files.length >= LIMITS.files)
      throw new Refused({ kind: 'too-large', what: 'files', limit: LIMITS.files, actual: LIMITS.files + 1 })
    return same
  }

  async #read(path: string, format: NotebookFile['format'], signal: AbortSignal) {
    try {
      const file = { name: 'file', from: 'file' as const, id: path, path, format }
      const facts = await this.#turns.take(() => this.#options.inspect(file, signal))
      if (facts.columns.length > LIMITS.fileColumns)
        throw unreadable(`it has ${facts.columns.length} columns; at most ${LIMITS.fileColumns} are accepted.`)
      return facts
    } catch (error) {
      if (error instanceof Refused) throw error
      if (error instanceof DatabaseError) throw unreadable(error.message)
      throw new Refused(
        { kind: 'unavailable', reason: 'kernel', detail: error instanceof Error ? error.message : String(error) },
        error,
      )
    }
  }

  /** Decided where the notebook is now: it may have been closed, or deleted, meanwhile. */
  #add(upload: Upload, file: NotebookFile): number {
    const session = this.#session(upload)
    const command = { kind: 'add-file' as const, file, replace: upload.replace }
    const added = session.dispatch(command, { by: upload.by, answer: (_, rev) => rev })
    if (!added.ok) throw new Refused(added.problem)
    return added.value
  }
}
