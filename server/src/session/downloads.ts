import { randomBytes } from 'node:crypto'
import type { SavedFile } from '../kernel/sql/engine.ts'
import type { Problem } from '../notebook/problems.ts'
import type { Dispatched } from './session.ts'

export interface Download {
  file: SavedFile
  /** What it is called where it is saved. */
  name: string
  type: string
}

interface Ticket {
  userId: string
  opId: string | undefined
  /** Undefined when there is nothing to save. */
  download: Promise<Download | undefined>
  /** Gives the place back; idempotent. */
  release: () => void
}

export interface DownloadLimits {
  /** How long a download waits to be fetched, in milliseconds. */
  waitMs: number
  /** Files of one user at a time, those that wait included: each holds a connection of an engine, and may hold room on disk. */
  perUser: number
}

export const DOWNLOAD_LIMITS: DownloadLimits = { waitMs: 60_000, perUser: 4 }

/** What was asked for with a token, and is fetched by an address that is good once: a browser saves from addresses only. */
export class Downloads {
  readonly #limits: DownloadLimits
  readonly #waiting = new Map<string, Ticket>()
  readonly #open = new Map<string, number>()

  constructor(limits: DownloadLimits = DOWNLOAD_LIMITS) {
    this.#limits = limits
  }

  /** The ticket; undefined when `make` finds nothing to save. The same operation again gets the same one while it waits. */
  async begin(
    { userId, opId }: { userId: string; opId: string | undefined },
    make: () => Promise<Download | undefined>,
  ): Promise<Dispatched<string | undefined>> {
    const known =
      opId === undefined ? undefined : [...this.#waiting].find(([, ticket]) => ticket.userId === userId && ticket.opId === opId)
    if (known) return { ok: true, value: (await known[1].download) && known[0] }
    if ((this.#open.get(userId) ?? 0) >= this.#limits.perUser) return { ok: false, problem: this.#tooMany() }
    const id = randomBytes(32).toString('base64url')
    const ticket = { userId, opId, download: make(), release: this.#occupy(userId) }
    this.#waiting.set(id, ticket)
    try {
      const made = await ticket.download
      if (!made) this.#drop(id)
      else setTimeout(() => this.#drop(id), this.#limits.waitMs).unref()
      return { ok: true, value: made && id }
    } catch (error) {
      this.#drop(id)
      throw error
    }
  }

  /** For whoever has the ticket, once: the file is theirs to close. */
  async take(id: string): Promise<Download | undefined> {
    const ticket = this.#waiting.get(id)
    this.#waiting.delete(id)
    const download = await ticket?.download
    if (!ticket || !download) return undefined
    const { file, ...rest } = download
    const close = async () => {
      ticket.release()
      await file.close()
    }
    return { ...rest, file: { next: () => file.next(), close } }
  }

  /** One that was not fetched. */
  #drop(id: string): void {
    const ticket = this.#waiting.get(id)
    if (!ticket) return
    this.#waiting.delete(id)
    ticket.release()
    // Whoever asked for it was told when it could not be made; an engine that is gone has nothing to close.
    ticket.download.then((download) => download?.file.close()).catch(() => undefined)
  }

  #occupy(userId: string): () => void {
    this.#open.set(userId, (this.#open.get(userId) ?? 0) + 1)
    let occupied = true
    return () => {
      if (!occupied) return
      occupied = false
      const left = (this.#open.get(userId) ?? 1) - 1
      if (left > 0) this.#open.set(userId, left)
      else this.#open.delete(userId)
    }
  }

  #tooMany(): Problem {
    return { kind: 'too-many-requests', what: 'downloads', retryAfterMs: this.#limits.waitMs }
  }
}
