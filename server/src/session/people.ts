import type { NotebookEvent } from '../notebook/events.ts'
import type { CellSelection, Presence } from '../notebook/model.ts'
import { shared } from './journal.ts'
import type { Step } from './rebase.ts'

/** Many who come, go or move at once are one message. */
const PAUSE_MS = 40
/** A crowd is told more rarely: what everybody is told about everybody would grow with its square. */
const PAUSE_MS_A_PERSON = 1
/** Who are shown where more are there: those who moved last. */
const SHOWN = 50
const COLOURS = 8

/** Where somebody is. */
export interface Whereabouts {
  cellId?: string | undefined
  selection?: CellSelection | undefined
}

/** Somebody's place after an edit. Who typed stands behind what they typed, everybody else before it. */
function moved({ anchor, head, version }: CellSelection, step: Step, clientId: string): CellSelection {
  const { changes } = step
  const to = (at: number) => changes.mapPos(Math.min(at, changes.length), step.clientId === clientId ? 1 : -1)
  return { anchor: to(anchor), head: to(head), version: version + 1 }
}

interface Person {
  presence: Presence
  /** Counts what people did; the highest moved last. */
  moved: number
}

/** Who has the notebook open, and where in it. In memory only: it is of no use once they are gone. */
export class People {
  /** Grows with everything that followers should be told. */
  version = 0
  private readonly people = new Map<string, Person>()
  private readonly onChange: () => void
  private moves = 0
  private timer: NodeJS.Timeout | undefined
  private told: (NotebookEvent & { type: 'presence' }) | undefined

  constructor(onChange: () => void) {
    this.onChange = onChange
  }

  /** Somebody has the notebook open; call what is returned when they leave. */
  join(person: Pick<Presence, 'clientId' | 'userId' | 'name'>): () => void {
    // Who comes back on a new socket before the old one is given up is the same person, and the old one's end is not theirs.
    const before = this.people.get(person.clientId)?.presence
    const mine = before?.userId === person.userId ? before : undefined
    const joined: Person = { presence: { ...mine, ...person, colour: mine?.colour ?? this.freeColour() }, moved: ++this.moves }
    this.people.set(person.clientId, joined)
    this.publishSoon()
    return () => {
      if (this.people.get(person.clientId) !== joined) return
      this.people.delete(person.clientId)
      this.publishSoon()
    }
  }

  /** Sources changed: where somebody is in them moves along, so that what is told next is of the version that everybody has then. */
  follow(steps: readonly Step[]): void {
    for (const step of steps) {
      for (const { presence } of this.people.values()) {
        if (presence.cellId !== step.cellId || presence.selection?.version !== step.version - 1) continue
        presence.selection = moved(presence.selection, step, presence.clientId)
      }
    }
    if (steps.length > 0) this.told = undefined
  }

  /** Says where somebody is now; `since` is what was typed there after the version they speak of. False when they are not there. */
  place(
    { clientId, userId }: Pick<Presence, 'clientId' | 'userId'>,
    { cellId, selection }: Whereabouts,
    since: readonly Step[] = [],
  ): boolean {
    const person = this.people.get(clientId)
    if (person?.presence.userId !== userId) return false
    const { cellId: _, selection: __, ...who } = person.presence
    const now = selection && since.reduce((at, step) => moved(at, step, clientId), selection)
    const presence = { ...who, ...(cellId !== undefined && { cellId, ...(now && { selection: now }) }) }
    person.moved = ++this.moves
    if (JSON.stringify(presence) === JSON.stringify(person.presence)) return true
    person.presence = presence
    this.publishSoon()
    return true
  }

  /** The same object until something changes: it is serialised once for everybody. */
  event(): NotebookEvent & { type: 'presence' } {
    this.told ??= shared({ type: 'presence', people: this.shown() })
    return this.told
  }

  close(): void {
    clearTimeout(this.timer)
  }

  private shown(): Presence[] {
    const people = [...this.people.values()]
    const least = people.length > SHOWN ? people.map(({ moved }) => moved).sort((a, b) => b - a)[SHOWN - 1] : undefined
    return people.filter(({ moved }) => least === undefined || moved >= least).map(({ presence }) => presence)
  }

  /** The first that nobody has, else the one that fewest have. */
  private freeColour(): number {
    const uses = new Array<number>(COLOURS).fill(0)
    for (const { presence } of this.people.values()) uses[presence.colour ?? 0] = (uses[presence.colour ?? 0] ?? 0) + 1
    return uses.indexOf(Math.min(...uses))
  }

  private publishSoon(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined
        this.told = undefined
        this.version += 1
        this.onChange()
      },
      Math.max(PAUSE_MS, this.people.size * PAUSE_MS_A_PERSON),
    )
  }
}
