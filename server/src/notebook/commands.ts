import type { Language, NotebookFile } from './model.ts'
import type { SourceChanges } from './textChanges.ts'

/** What the language folder says about a source. Positions are 1-based, in the cell's own lines. */
export interface Analysis {
  /** Top-level value names, without private `_names`. */
  defines: string[]
  /** Free variables used as values, without those the cell itself defines. Globals are included: the graph ignores what nobody defines. */
  uses: string[]
  /** Free variables that are assigned to. */
  assigns: { name: string; line: number; column: number }[]
  /** The cell holds no code (empty or comments only). */
  empty: boolean
  /** Uses are shown in place when they fail, instead of blocking the cell (Markdown). */
  tolerant?: true
  syntaxError?: { message: string; line: number; column: number }
}

/** A new source together with its analysis: the core never parses. */
export interface AnalysedSource {
  source: string
  analysis: Analysis
}

/** `null`: first; `'end'` or absent: last; otherwise behind that cell. */
export type Place = string | null | undefined

/** What else a cell may have from its beginning. */
export interface InsertedSettings {
  disabled?: boolean | undefined
  hidden?: boolean | undefined
  resultName?: string | undefined
  connectionId?: string | undefined
}

export type Edit =
  | { kind: 'edit'; cellId: string; baseVersion?: number; content: AnalysedSource; changes?: SourceChanges }
  | { kind: 'insert'; language: Language; content: AnalysedSource; after?: Place; settings?: InsertedSettings }
  | { kind: 'delete'; cellId: string }
  | { kind: 'move'; cellId: string; after?: Place }
  | {
      kind: 'set'
      cellId: string
      language?: Language
      /** Present exactly when something here changes the meaning of the source. */
      content?: AnalysedSource
      disabled?: boolean
      hidden?: boolean
      resultName?: string | null
      connectionId?: string | null
    }
  /** Puts a deleted cell back where it was. */
  | { kind: 'restore'; cellId: string; language: Language; content: AnalysedSource; after: Place; version: number }

export type Command =
  | { kind: 'rename'; title: string }
  | { kind: 'set-notebook'; mode?: 'auto' | 'lazy'; cutoff?: boolean; network?: string[] }
  /** One transaction; with `run`, one run of what changed, or of the cells listed. */
  | { kind: 'apply'; baseRev?: number; edits: Edit[]; run: boolean | string[] }
  | { kind: 'run'; cellIds: string[] }
  | { kind: 'run-all' }
  | { kind: 'run-stale' }
  /** Somebody moved, typed or pressed (S18). */
  | { kind: 'set-input'; cellId: string; inputId: string; value: unknown }
  /** Refused when its table is there already, unless it takes its place. */
  | { kind: 'add-file'; file: NotebookFile; replace: boolean }
  | { kind: 'remove-file'; fileId: string }
  | { kind: 'interrupt' }
  | { kind: 'restart-kernel' }
  /** The session's own first command: nothing runs any more, whatever the rows say. */
  | { kind: 'reopen'; reason: string }

const RUNS: ReadonlySet<Command['kind']> = new Set(['run', 'run-all', 'run-stale'])

/** Somebody wants something to run. Of anything else runs are what follows, and it can be done without. */
export const asksToRun = (command: Command): boolean =>
  RUNS.has(command.kind) || (command.kind === 'apply' && command.run !== false)
