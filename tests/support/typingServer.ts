import { randomUUID } from 'node:crypto'
import type { Change } from '@rivulet/server/notebook/events'
import { evolveAll, type NotebookState } from '@rivulet/server/notebook/evolve'
import type { Problem } from '@rivulet/server/notebook/problems'
import { analyse } from '@rivulet/server/src/language/languages.ts'
import { OutputTurns } from '@rivulet/server/src/session/outputTurns.ts'
import { Session } from '@rivulet/server/src/session/session.ts'
import { stampNow } from '@rivulet/server/src/session/stamp.ts'
import { cellEdit } from '@rivulet/server/src/trpc/edits.ts'
import { ProblemError } from '@rivulet/server/src/trpc/problems.ts'
import type { Outgoing, Sent } from '../../web/src/features/cell/drafts/outgoing.ts'

export const CELL = 'cell'
export type Edited = Extract<Change, { type: 'cell.edited' }>

const BY = { userId: 'u', name: 'Person', via: 'ui' } as const
const EMPTY: NotebookState = {
  ...{ id: 'n', title: 'Test', kind: 'user', role: 'owner', epoch: 'e', rev: 0, mode: 'auto', cutoff: false },
  ...{ network: [], kernels: [], files: [], order: [], cells: new Map() },
}

/** One cell of prose in a real session, edited as the API edits it; the rows are a list, and answers are remembered by operation. */
export class TypingServer {
  /** Every edit that was published, in order. */
  readonly edits: Edited[] = []
  private session: Session
  private readonly decisions: Change[][] = []
  private readonly answers = new Map<string, Sent>()
  /** Decisions that the rows have forgotten. */
  private pruned = 0

  constructor(source: string) {
    this.session = this.open(EMPTY)
    const content = { source, analysis: analyse('markdown', source) }
    const back = { kind: 'restore', cellId: CELL, language: 'markdown', content, after: null, version: 1 } as const
    this.session.dispatch({ kind: 'apply', edits: [back], run: false }, { by: BY, answer: () => undefined })
  }

  get source(): string {
    return this.session.state.cells.get(CELL)?.source ?? ''
  }

  get version(): number {
    return this.session.state.cells.get(CELL)?.version ?? 0
  }

  /** What `editCell` answers, and what a repeated call is answered. */
  receive(edit: Outgoing, clientId: string): Sent {
    const known = this.answers.get(edit.opId)
    if (known) return known
    const answer = this.decide(edit, clientId)
    if (answer.kind === 'accepted') this.answers.set(edit.opId, answer)
    return answer
  }

  /** A program replaces the whole text, on top of what it has just read. */
  replace(source: string): void {
    this.receive({ cellId: CELL, baseVersion: this.version, opId: randomUUID(), source }, 'agent')
  }

  /** Another process on the same rows; `forgetful`: the journal has been pruned. */
  restart({ forgetful = false } = {}): void {
    if (forgetful) this.pruned = this.decisions.length
    this.session = this.open(this.session.state)
  }

  private decide(edit: Outgoing, clientId: string): Sent {
    try {
      const input = 'changes' in edit ? { notebookId: 'n', epoch: 'e', clientId, ...edit } : { notebookId: 'n', ...edit }
      const { edit: made, version } = cellEdit(this.session, input)
      const done = this.session.dispatch({ kind: 'apply', edits: [made], run: false }, { by: BY, answer: () => version })
      return done.ok ? { kind: 'accepted', version } : refused(done.problem)
    } catch (error) {
      if (error instanceof ProblemError) return refused(error.problem)
      throw error
    }
  }

  private open(notebook: NotebookState): Session {
    return new Session({
      notebook,
      owner: () => 'ada',
      analysisOf: (cellId) => analyse('markdown', notebook.cells.get(cellId)?.source ?? ''),
      handed: new Map(),
      store: {
        save: ({ entry }) => {
          if (!entry) return
          // As they come out of the rows.
          const changes: Change[] = JSON.parse(entry.json)
          this.decisions.push(changes)
          this.edits.push(...changes.filter((change) => change.type === 'cell.edited'))
        },
        entriesSince: () => undefined,
        keptChanges: () => this.decisions.slice(this.pruned),
      },
      kernel: { start: () => fail(undefined, 'nothing is run here'), idleMs: 60_000, onError: fail },
      turns: new OutputTurns(),
      kernelProblem: () => undefined,
      stamp: stampNow,
      onSaved: () => undefined,
      onError: fail,
    })
  }
}

/** What whoever folds the edits has. */
export function foldedSource(source: string, edits: readonly Edited[]): string {
  const cell = { id: CELL, language: 'markdown', source, version: 1, disabled: false, hidden: false } as const
  const rest = { defines: [], uses: [], status: 'idle', stale: false, result: { kind: 'none' }, outputs: [] } as const
  const state = { ...EMPTY, order: [CELL], cells: new Map([[CELL, { ...cell, ...rest, defines: [], uses: [], outputs: [] }]]) }
  return evolveAll(state, edits, 1).cells.get(CELL)?.source ?? ''
}

function refused(problem: Problem): Sent {
  if (problem.kind !== 'version-conflict') throw new Error(problem.kind)
  return { kind: 'conflict', theirs: { version: problem.version, source: problem.source } }
}

function fail(error: unknown, what: string): never {
  throw new Error(what, { cause: error })
}
