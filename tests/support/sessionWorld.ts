import type { Command, Edit } from '@rivulet/server/notebook/commands'
import type { Change } from '@rivulet/server/notebook/events'
import { evolveAll, type NotebookState, toWire } from '@rivulet/server/notebook/evolve'
import type { Cell } from '@rivulet/server/notebook/model'
import type { StartKernel } from '@rivulet/server/src/kernel/kernel.ts'
import { analyse } from '@rivulet/server/src/language/languages.ts'
import { OutputTurns } from '@rivulet/server/src/session/outputTurns.ts'
import { Session } from '@rivulet/server/src/session/session.ts'
import { stampNow } from '@rivulet/server/src/session/stamp.ts'

const PERSON = { userId: 'u', name: 'Person', via: 'api' } as const

/** One notebook of real TypeScript in a real session with a real kernel; only the rows are missing. */
export class SessionWorld {
  readonly session: Session
  private readonly first: NotebookState
  private readonly entries: { rev: number; changes: Change[] }[] = []

  constructor(start: StartKernel, mode: 'auto' | 'lazy' = 'auto') {
    const header = { id: 'n', title: 'Test', kind: 'user', role: 'owner', epoch: 'e', rev: 0, mode, cutoff: false } as const
    this.first = { ...header, network: [], kernels: [], files: [], order: [], cells: new Map() }
    this.session = new Session({
      notebook: this.first,
      owner: () => 'ada',
      analysisOf: () => analyse('typescript', ''),
      handed: new Map(),
      store: {
        save: ({ entry }) => {
          if (entry) this.entries.push(entry.event)
        },
        entriesSince: () => undefined,
        keptChanges: () => this.entries.map(({ changes }) => changes),
      },
      kernel: { start, idleMs: 600_000, onError: fail },
      turns: new OutputTurns(),
      kernelProblem: () => undefined,
      stamp: stampNow,
      onSaved: () => undefined,
      onError: fail,
    })
  }

  do(command: Command): void {
    const answered = this.session.dispatch(command, { by: PERSON, answer: () => undefined })
    if (!answered.ok) throw new Error(answered.problem.kind)
  }

  edit(...edits: Edit[]): void {
    this.do({ kind: 'apply', edits, run: false })
  }

  insert(source: string): void {
    this.edit({ kind: 'insert', language: 'typescript', content: contentOf(source), after: 'end' })
  }

  type(cellId: string, source: string): void {
    this.edit({ kind: 'edit', cellId, content: contentOf(source) })
  }

  get order(): readonly string[] {
    return this.session.state.order
  }

  cell(id: string): Cell {
    const cell = this.session.state.cells.get(id)
    if (!cell) throw new Error(`there is no cell ${id}`)
    return cell
  }

  /** Resolves when nothing is queued or running. */
  settled(): Promise<void> {
    return this.until(() => this.session.atRest)
  }

  async until(condition: () => boolean): Promise<void> {
    const never = new AbortController().signal
    while (!condition()) await this.session.changed.wait(never)
  }

  /** How each cell stands and which values can be read; positions for ids, and nothing of times. */
  async standing(): Promise<unknown> {
    const names = [...this.session.liveNames().keys()]
    const variables = this.session.kernel.running ? await this.session.kernel.variables(names) : []
    const position = (text: string) => (this.order.includes(text) ? this.order.indexOf(text) + 1 : text)
    const cells = this.order.map((id) => {
      const { source, result, stale, status, outputs } = this.cell(id)
      const shown = outputs.map((output) => (output.kind === 'stream' ? output.text : output.data))
      return { source, stale, status, shown, result: { ...result, durationMs: 0, finishedAt: '' } }
    })
    const readable = variables.map(({ name, preview }) => `${name} = ${preview}`).sort()
    return JSON.parse(JSON.stringify({ cells, readable }), (_, value: unknown) =>
      typeof value === 'string' ? position(value) : value,
    )
  }

  /** What a client has that folded every event, beside what the session has. */
  folded(): { client: unknown; server: unknown } {
    const client = this.entries.reduce((state, { changes, rev }) => evolveAll(state, changes, rev), this.first)
    return { client: toWire(client), server: this.session.snapshot() }
  }

  close(): Promise<void> {
    return this.session.close('the test is over')
  }
}

const contentOf = (source: string) => ({ source, analysis: analyse('typescript', source) })

function fail(error: unknown, what: string): never {
  throw new Error(what, { cause: error })
}
