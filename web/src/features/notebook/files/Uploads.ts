import { describeProblem } from '@rivulet/server/notebook/problems'
import { type Api, describeError } from '../../../trpc.ts'
import { newId } from '../../../ui/id.ts'
import { Store } from '../../../ui/store.ts'
import { UploadRefused } from './refused.ts'
import type { Made } from './send.ts'

export interface Upload {
  readonly id: string
  readonly file: File
  readonly state:
    | { status: 'waiting' }
    /** `sent`: the part that has left, 0 to 1; at 1 the server reads it. */
    | { status: 'sending'; sent: number }
    /** Its table is another file's: shall it take that one's place? */
    | { status: 'asks'; table: string }
    /** `again`: the same file may be taken another time. */
    | { status: 'failed'; message: string; again: boolean }
    | { status: 'done'; made: Made }
}

type State = Upload['state']

interface Parts {
  api: Api
  notebookId: () => string
  /** Names that are files' already. */
  tables: () => ReadonlySet<string>
}

interface Choice {
  table?: string
  replace?: boolean
}

/** Files on their way from this page into the notebook, one after the other. */
export class Uploads {
  readonly all = new Store<readonly Upload[]>([])
  readonly #parts: Parts
  readonly #aborts = new Map<string, AbortController>()
  readonly #choices = new Map<string, Choice>()
  #working = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  add(files: readonly File[]): void {
    const more = files.map((file): Upload => ({ id: newId(), file, state: { status: 'waiting' } }))
    this.all.update((all) => [...all.filter(({ state }) => state.status !== 'done'), ...more])
    void this.#work()
  }

  /** Ends it, wherever it is, and takes it off the list. */
  dismiss(id: string): void {
    this.#aborts.get(id)?.abort()
    this.#choices.delete(id)
    this.all.update((all) => all.filter((upload) => upload.id !== id))
  }

  replace(id: string): void {
    this.#again(id, { replace: true })
  }

  /** Under a name that is free. */
  keepBoth(id: string, table: string): void {
    const taken = this.#parts.tables()
    let number = 2
    while (taken.has(`${table}_${number}`)) number += 1
    this.#again(id, { table: `${table}_${number}` })
  }

  retry(id: string): void {
    this.#again(id, this.#choices.get(id) ?? {})
  }

  #again(id: string, choice: Choice): void {
    this.#choices.set(id, choice)
    this.#set(id, { status: 'waiting' })
    void this.#work()
  }

  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    for (;;) {
      const next = this.all.get().find(({ state }) => state.status === 'waiting')
      if (!next) break
      await this.#send(next)
    }
    this.#working = false
  }

  async #send({ id, file }: Upload): Promise<void> {
    const abort = new AbortController()
    this.#aborts.set(id, abort)
    this.#set(id, { status: 'sending', sent: 0 })
    try {
      const tooLarge = await this.#tooLarge(file)
      if (tooLarge !== undefined) return this.#set(id, { status: 'failed', message: tooLarge, again: false })
      const { send } = await import('./send.ts')
      const made = await send({
        ...{ notebookId: this.#parts.notebookId(), file, signal: abort.signal, ...this.#choices.get(id) },
        onProgress: (sent) => this.#set(id, { status: 'sending', sent }),
      })
      if (made) this.#set(id, { status: 'done', made })
    } catch (error) {
      this.#set(id, failureOf(error))
    } finally {
      this.#aborts.delete(id)
    }
  }

  /** Said before a byte of it is sent. What it makes of the quota is for the server to say: another file may go for it. */
  async #tooLarge({ size }: File): Promise<string | undefined> {
    const { maxBytes } = await this.#parts.api.listFiles.query({ notebookId: this.#parts.notebookId() })
    return size > maxBytes ? describeProblem({ kind: 'too-large', what: 'file', limit: maxBytes, actual: size }) : undefined
  }

  /** One that was dismissed meanwhile stays away. */
  #set(id: string, state: State): void {
    this.all.update((all) => all.map((upload) => (upload.id === id ? { ...upload, state } : upload)))
  }
}

function failureOf(error: unknown): State {
  if (!(error instanceof UploadRefused)) return { status: 'failed', message: describeError(error), again: true }
  const { problem, message } = error
  return problem.kind === 'table-taken' && problem.by === 'file'
    ? { status: 'asks', table: problem.table }
    : { status: 'failed', message, again: problem.kind !== 'unreadable-file' }
}
