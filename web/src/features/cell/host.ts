import type { NotebookState } from '@rivulet/server/notebook/evolve'
import type { Cell, Language, Presence } from '@rivulet/server/notebook/model'
import { type ShownOutputs, shownOutputs } from '@rivulet/server/notebook/shown'
import { createContext, use, useMemo } from 'react'
import { type Readable, useSelected } from '../../ui/store.ts'
import type { Drafts } from './drafts/Drafts.ts'
import type { Draft } from './drafts/draft.ts'
import type { Schemas } from './sql/Schemas.ts'

/** What the page shows: the notebook as the server tells it. */
export interface NotebookView {
  readonly notebook: NotebookState
  /** Cells whose text, or its language, has changed since what they show was made. */
  readonly edited: ReadonlySet<string>
  readonly people: readonly Presence[]
}

/** Someone asked for the focus; `turn` makes two equal requests differ. */
export interface FocusRequest {
  readonly cellId: string
  readonly into: 'cell' | 'editor'
  readonly turn: number
  /** What of the text to select, offsets. */
  readonly range?: { from: number; to: number }
  /** What to write at the cursor. */
  readonly insert?: string
  /** Only to be seen: the focus stays where it is. */
  readonly quiet?: boolean
}

/** Which cell is current, and whether keys go to it or into its editor. */
export interface Selection {
  readonly active: string | null
  /** More than one after Shift+arrows; holds the active one. */
  readonly selected: ReadonlySet<string>
  readonly mode: 'command' | 'edit'
  readonly request?: FocusRequest
}

export interface CellSettings {
  language?: Language
  disabled?: boolean
  hidden?: boolean
  resultName?: string | null
  connectionId?: string | null
}

export interface NewCell {
  language: Language
  source: string
  after: string | null
  connectionId?: string
}

export interface CellActions {
  run: (cellId: string) => void
  interrupt: () => void
  insert: (language: Language, after: string | null) => void
  remove: (cellIds: readonly string[]) => void
  move: (cellId: string, after: string | null) => void
  moveBy: (cellIds: readonly string[], by: -1 | 1) => void
  duplicate: (cellId: string) => void
  cut: (cellId: string) => void
  copy: (cellId: string) => void
  pasteBelow: (cellId: string) => void
  set: (cellIds: readonly string[], patch: CellSettings) => void
  /** As `set` for one cell; answers why it was refused, if it was. */
  configure: (cellId: string, patch: CellSettings) => Promise<string | undefined>
  /** A cell that is whole when it comes, and runs at once. */
  insertAndRun: (cell: NewCell) => Promise<void>
  setInput: (cellId: string, inputId: string, value: unknown) => Promise<unknown>
  goTo: (cellId: string, into?: 'cell' | 'editor') => void
  /** The cell got the focus, or its editor did. */
  entered: (cellId: string, mode: Selection['mode']) => void
  leaveEditor: (cellId: string, by: -1 | 0 | 1) => void
  /** The cursor is at these offsets; `moved` by this person. */
  cursorAt: (cellId: string, place: { anchor: number; head: number }, moved: boolean) => void
  foldOutput: (cellId: string) => void
}

/** All a cell needs of the notebook around it. */
export interface CellHost {
  readonly view: Readable<NotebookView>
  readonly selection: Readable<Selection>
  readonly foldedOutputs: Readable<ReadonlySet<string>>
  readonly drafts: Drafts
  readonly schemas: Schemas
  readonly actions: CellActions
  readonly readOnly: boolean
  /** This page among `people`. */
  readonly clientId: string
}

const Context = createContext<CellHost | null>(null)
export const CellHostProvider = Context

export function useHost(): CellHost {
  const host = use(Context)
  if (!host) throw new Error('A cell needs a CellHostProvider around it')
  return host
}

/** `undefined` once the cell is deleted. */
export function useCell(cellId: string): Cell | undefined {
  return useSelected(useHost().view, (view) => view.notebook.cells.get(cellId))
}

/** Something of a cell's draft, which changes with every key: what is picked decides who renders then. */
export function useOfDraft<T>(cellId: string, pick: (draft: Draft) => T): T {
  return useSelected(useHost().drafts.get(cellId), pick)
}

/** What the cell shows; the same object until it changes. */
export function useOutputs(cellId: string): ShownOutputs {
  const { outputs, earlier } = useCell(cellId) ?? NOTHING
  return useMemo(() => shownOutputs({ outputs, earlier }), [outputs, earlier])
}

const NOTHING: Pick<Cell, 'outputs' | 'earlier'> = { outputs: [] }
