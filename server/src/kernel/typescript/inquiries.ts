import type { Variable } from '../kernel.ts'
import type { Asks } from './asks.ts'
import type { RowsPage, RowsQuery, ToInside } from './inside/protocol.ts'
import type { FromInside } from './reports.ts'

/** How long a question may stay unanswered, in milliseconds. */
const ANSWER_MS = 2_000
/** So much longer while the kernel is starting: on a busy machine that takes its time, and nothing is wrong. */
const START_MS = 10_000

export type Answer = Extract<FromInside[number], { kind: 'variables' | 'rows' }>

/** Questions about what is in memory. */
export class Inquiries {
  readonly #asks: Asks
  readonly #send: (message: ToInside) => void
  readonly #isReady: () => boolean
  readonly #open = new Map<number, { answered(answer: Answer): void; giveUp(reason: string): void }>()
  #closed = false

  constructor(asks: Asks, send: (message: ToInside) => void, isReady: () => boolean) {
    this.#asks = asks
    this.#send = send
    this.#isReady = isReady
  }

  variables(names: readonly string[]): Promise<Variable[]> {
    return this.#ask(
      (ask) => ({ kind: 'variables', ask, names }),
      (answer) => (answer.kind === 'variables' ? answer.variables : []),
    )
  }

  rows(handle: string, query: RowsQuery): Promise<RowsPage | undefined> {
    return this.#ask(
      (ask) => ({ kind: 'rows', ask, handle, query }),
      (answer) => (answer.kind === 'rows' ? answer.page : undefined),
    )
  }

  answered(answer: Answer): void {
    this.#open.get(answer.ask)?.answered(answer)
  }

  /** Nobody is left to answer. */
  close(): void {
    this.#closed = true
    for (const { giveUp } of this.#open.values()) giveUp('The kernel is gone')
  }

  #ask<T>(messageOf: (ask: number) => ToInside, read: (answer: Answer) => T): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The kernel is gone'))
    const ask = this.#asks.next()
    this.#send(messageOf(ask))
    return new Promise<T>((resolve, reject) => {
      this.#open.set(ask, { answered: (answer) => resolve(read(answer)), giveUp: (reason) => reject(new Error(reason)) })
      this.#asks.otherwise(ask, ANSWER_MS + (this.#isReady() ? 0 : START_MS), () => reject(new Error('The kernel is busy')))
    }).finally(() => {
      this.#open.delete(ask)
      this.#asks.answered(ask)
    })
  }
}
