import type { Change } from '../notebook/events.ts'
import { describeEdits, type Step } from './rebase.ts'

/** How many edits are remembered, of all cells together; and how much memory they take, counted in characters. */
const KEPT = { steps: 5_000, characters: 1024 * 1024 }
/** The log may outgrow that by so much before it is cut. */
const SLACK = 1.25

/** The last edits of a notebook's sources: what somebody typed on an older version is rebased over them. */
export class EditLog {
  private steps: Step[] = []
  private characters = 0
  private complete = false
  /** The notebook's journal as far as it is kept, oldest first. */
  private readonly readJournal: () => Iterable<readonly Change[]>

  constructor(readJournal: () => Iterable<readonly Change[]>) {
    this.readJournal = readJournal
  }

  append(steps: readonly Step[]): void {
    for (const step of steps) {
      this.steps.push(step)
      this.characters += sizeOf(step)
    }
    if (this.steps.length > KEPT.steps * SLACK || this.characters > KEPT.characters * SLACK) this.cut()
  }

  /** How the cell's source changed from `version` to `current`, oldest first; undefined when that is no longer known. */
  between(cellId: string, version: number, current: number): Step[] | undefined {
    if (version > current) return undefined
    const known = this.find(cellId, version, current)
    if (known || this.complete) return known
    this.readBack()
    return this.find(cellId, version, current)
  }

  private find(cellId: string, version: number, current: number): Step[] | undefined {
    const found: Step[] = []
    for (let at = this.steps.length - 1; at >= 0 && found.length < current - version; at -= 1) {
      const step = this.steps[at]
      if (step?.cellId !== cellId) continue
      if (step.version !== current - found.length) return undefined
      found.push(step)
    }
    return found.length === current - version ? found.reverse() : undefined
  }

  /** Once, when somebody comes with a version from before this session: the journal remembers more than it does. */
  private readBack(): void {
    const sources = new Map<string, string>()
    const steps: Step[] = []
    for (const changes of this.readJournal()) {
      // An edit whose text before is unknown is not a step, and neither is what came before it.
      const known = changes.filter((change) => change.type !== 'cell.edited' || change.changes || sources.has(change.cellId))
      steps.push(...describeEdits(known, (cellId) => sources.get(cellId)).steps)
      for (const change of changes) {
        if (change.type === 'cell.inserted') sources.set(change.cell.id, change.cell.source)
        if (change.type === 'cell.edited') sources.set(change.cellId, change.source)
      }
    }
    this.steps = steps
    this.characters = steps.reduce((sum, step) => sum + sizeOf(step), 0)
    this.complete = true
    this.cut()
  }

  private cut(): void {
    let from = Math.max(0, this.steps.length - KEPT.steps)
    for (let at = 0; at < from; at += 1) this.characters -= sizeOf(this.steps[at])
    while (this.characters > KEPT.characters && from < this.steps.length) {
      this.characters -= sizeOf(this.steps[from])
      from += 1
    }
    this.steps = this.steps.slice(from)
  }
}

/** Of each step, and of each place that it changes, whatever it inserts there. */
const STEP_SIZE = 100
const PLACE_SIZE = 30

/** Roughly what a step holds in memory, in characters. */
function sizeOf(step: Step | undefined): number {
  let characters = STEP_SIZE
  step?.changes.iterChanges((_from, _to, _fromAfter, _toAfter, inserted) => {
    characters += PLACE_SIZE + inserted.length
  })
  return characters
}
