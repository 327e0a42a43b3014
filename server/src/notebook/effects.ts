import type { Language, NotebookFile } from './model.ts'

/** One execution that the kernel shall make. */
export interface RunRequest {
  runId: string
  cellId: string
  language: Language
  source: string
  /** SQL: what its result is called, and where it runs; absent: the embedded engine. */
  resultName?: string
  connectionId?: string
  /** Names the cell may read that other cells define: taken from the kernel's memory. */
  binds: string[]
  /** Files of the notebook that it reads as tables, if it reads what they are called as tables at all. */
  files: Pick<NotebookFile, 'id' | 'table' | 'format'>[]
  /** Names used whose definer did not end well, with the sentence to show in place (Markdown only). */
  unavailable: Record<string, string>
  /** Names the cell puts into memory when it ends well; nothing otherwise (S4). */
  defines: string[]
  /** Runs that must have ended well before this one may start. */
  needs: string[]
  /** Runs that must have ended, however, before this one may start (tolerant cells, repeated cells). */
  after: string[]
  /** The notebook wants early cut-off: whether names have new values is found out by comparing (S17). */
  cutoff: boolean
  /** Not asked for by name: when its code and all it reads are as in its last good run, it may end `cached` instead (S17). */
  optional: boolean
  /** The version of the source: inputs of another version begin anew. */
  version: number
  /** Values of the inputs this version of the code has made before, by input id. */
  inputs: Record<string, unknown>
}

/** What the session shall do once the decision is saved. Effects never re-enter `decide`; kernels report later. */
export type Effect =
  /** In this order; the kernel starts each as soon as its needs are met. */
  | { kind: 'kernel.run'; requests: RunRequest[] }
  /** Forget queued runs; end those that have started. */
  | { kind: 'kernel.cancel'; runIds: string[] }
  | { kind: 'kernel.interrupt' }
  | { kind: 'kernel.set-input'; cellId: string; inputId: string; value: unknown }
  /** `cellId`: of a SQL cell that is gone, whose rows are kept whether they have a name or not. */
  | { kind: 'kernel.forget'; names: string[]; cellId?: string }
  | { kind: 'kernel.restart' }
