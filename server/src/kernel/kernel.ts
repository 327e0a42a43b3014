import type { RunRequest } from '../notebook/effects.ts'
import type { Language, MimeBundle } from '../notebook/model.ts'
import type { Report } from '../notebook/reports.ts'
import type { SavedFile, SaveQuery, TableSchema } from './sql/engine.ts'
import type { RowsPage, RowsQuery } from './typescript/inside/protocol.ts'

/** A value in a kernel's memory, for the variables panel and scripts. */
export interface Variable {
  name: string
  /** JavaScript's own word for it, or the class name: `number`, `string`, `Array(12)`, `Map(3)`, `Foo`. */
  type: string
  /** At most 200 characters. */
  preview: string
  /** The value itself, when it is plain JSON of at most 64 KB. */
  json?: unknown
}

/**
 * One notebook's kernel for one or more languages. Every method returns at once; what happened comes back as reports,
 * never before the call that caused it has returned. `run` is accepted before the kernel is ready.
 */
export interface Kernel {
  /** Queue executions, in this order. Each ends in exactly one `finished`, unless the kernel `exited` first. */
  run(requests: readonly RunRequest[]): void
  /** Queued runs end `skipped`; one that has started ends `interrupted`. Unknown ids are ignored. */
  cancel(runIds: readonly string[]): void
  /** End everything: what has started ends `interrupted`, what has not, `skipped`. Values survive, or `exited` is reported with `asked`. */
  interrupt(): void
  /** A new value of an input that a run of this cell made; readers that run from now on see it. Unknown inputs are ignored. */
  setInput(input: { cellId: string; inputId: string; value: unknown }): void
  /** What is printed is told at most once in so many milliseconds; 0: as soon as it comes. Starts and ends are told at once. */
  pace(ms: number): void
  /** Remove names from memory, and the rows that a SQL cell has kept. */
  forget(names: readonly string[], cellId?: string): void
  /** The named values now in memory; unknown names are left out. Rejects when the kernel is gone or does not answer within 2 s. */
  variables(names: readonly string[]): Promise<Variable[]>
  /** Rows of a table output beyond those that were sent; undefined when it is not in memory any more. Rejects as `variables` does. */
  rows(handle: string, query: RowsQuery): Promise<RowsPage | undefined>
  /**
   * A file of all rows of a table output, made as it is read; undefined when the table is not in memory any more. `names` are those of
   * its columns. Rejects with a sentence for the user.
   */
  save(handle: string, query: SaveQuery, names: readonly string[]): Promise<SavedFile | undefined>
  /** Tables and columns that SQL cells can name on a connection; absent: the embedded engine. Rejects with a sentence for the user. */
  schema(connectionId: string | undefined): Promise<TableSchema[]>
  /** End the process and wait for it. Idempotent; reports nothing further. */
  dispose(): Promise<void>
}

/** What a kernel is allowed beyond computing. */
export interface Grants {
  /** Hosts it may reach, `name` or `name:port`. */
  network: readonly string[]
  /** Whose connections to databases it may use: the notebook's owner, who may become another. */
  owner(): string
}

/** `report` receives batches: what belongs to one moment arrives in one call, and is decided as one. */
export type StartKernel = (report: (reports: Report[]) => void, grants: Grants) => Kernel

export type { Language, MimeBundle }
