import type { CellRow, NotebookRows, NotebookTables, OutputRow } from '@rivulet/db/notebooks'
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'
import { analyse } from '../language/languages.ts'
import type { Event } from '../notebook/engine.ts'
import type { NotebookState } from '../notebook/evolve.ts'
import { type Cell, CellResult, type NotebookKind, type NotebookSummary, type Output, RunCause } from '../notebook/model.ts'
import type { Entry } from './journal.ts'
import type { Saving, SessionStore } from './session.ts'

/** A repeatable request and what it was answered. */
export interface Operation {
  userId: string
  opId: string
  procedure: string
}

/** What a new notebook begins with; runs and kernels of the original do not come along. */
export interface Template {
  title: string
  cells: readonly Pick<Cell, 'language' | 'source' | 'outputs' | 'result' | 'stale' | 'disabled' | 'hidden' | 'resultName'>[]
}
