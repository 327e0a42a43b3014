import type { CellError, KernelState, Language, Output } from './model.ts'

/** How one execution in a kernel ended. `skipped`: it never started, because something it needs did not end well, or it was cancelled. */
export type Outcome =
  | { kind: 'ok'; durationMs: number }
  /** Not executed: code and everything it reads are as in its last good run, whose values are still in memory (S17). */
  | { kind: 'cached' }
  | { kind: 'stopped'; durationMs: number }
  | { kind: 'interrupted'; durationMs: number }
  | { kind: 'error'; durationMs: number; error: CellError }
  | { kind: 'skipped' }

/** What a kernel says, asynchronously; every run ends in exactly one `finished`, or the kernel in `exited`. */
export type Report =
  | { kind: 'started'; runId: string }
  /** A stream output that continues an earlier one carries its id and only the new text. */
  | { kind: 'output'; runId: string; output: Output }
  | { kind: 'progress'; runId: string; done: number; total: number; label?: string }
  /** The end of what the run has printed so far, when that is more than is kept. */
  | { kind: 'tail'; runId: string; text: string }
  | { kind: 'finished'; runId: string; outcome: Outcome }
  | { kind: 'kernel'; state: KernelState }
  /** What these cells have handed on is not in memory any more, although their last run stands: it is made again when it is needed. */
  | { kind: 'lost'; cellIds: string[] }
  /** Values are gone. `reason` is a sentence for the user; `asked` when the server wanted it (restart, cull, interrupt by force). */
  | { kind: 'exited'; language: Language; reason: string; asked: boolean }
