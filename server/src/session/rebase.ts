import { ChangeSet } from '@codemirror/state'
import type { Event } from '../notebook/engine.ts'
import type { SourceChanges, TextChanges } from '../notebook/textChanges.ts'
import { changesBetween } from '../notebook/textDiff.ts'

/** The algebra of shared typing, pure: change sets of sources, and what follows from several at once. */

/** One edit of one cell, as a change of the text it had before. */
export interface Step {
  cellId: string
  /** The version that came of it. */
  version: number
  changes: ChangeSet
  /** Of whom typed it, where that is known. */
  clientId?: string | undefined
}

export const parseChanges = (json: TextChanges): ChangeSet => ChangeSet.fromJSON(json)

/** The smallest change that makes the one text the other; clients that know both find the same. */
export function changeSetBetween(before: string, after: string): ChangeSet {
  // Without the separator the inserted text would be split at carriage returns, too, and lose them.
  return ChangeSet.of(changesBetween(before, after), before.length, '\n')
}

/**
 * How many places may be looked at to rebase one edit: somebody who typed is thousands of versions behind before it is too much, and
 * who changed all of a source a few. Nobody else is served meanwhile.
 */
const MOST_PLACES = 300_000

/**
 * What somebody changed, as a change of the text as it is after `over`, which others changed meanwhile. Step by step, as every
 * client does it: what is typed at one place by two stands in the order in which it arrived. Undefined when the lengths do not
 * fit, for then it is a change of some other text, and when it would take too long.
 */
export function rebased(changes: ChangeSet, over: readonly Pick<Step, 'changes'>[], length: number): ChangeSet | undefined {
  if (changes.length !== (over[0]?.changes.length ?? length)) return undefined
  let mapped = changes
  let places = 0
  for (const other of over) {
    places += placesIn(mapped) + placesIn(other.changes)
    if (places > MOST_PLACES) return undefined
    mapped = mapped.map(other.changes)
  }
  return mapped
}

/** How many places of the text the change is about. */
function placesIn(changes: ChangeSet): number {
  let places = 0
  changes.iterChangedRanges(() => {
    places += 1
  })
  return places
}

/** Longer than this, a change is sent only when it is much shorter than the source that stands beside it. */
const SHORT = 1_000

/** What happened, with every edit of a source also as a change of it; and those changes. */
export function describeEdits(
  events: readonly Event[],
  sourceOf: (cellId: string) => string | undefined,
): { events: readonly Event[]; steps: Step[] } {
  const steps: Step[] = []
  if (!events.some(isEdit)) return { events, steps }
  const sources = new Map<string, string>()
  const described = events.map((event) => {
    if (!isEdit(event)) return event
    const before = sources.get(event.cellId) ?? sourceOf(event.cellId) ?? ''
    sources.set(event.cellId, event.source)
    const changes = event.changes ? parseChanges(event.changes.set) : changeSetBetween(before, event.source)
    steps.push({ cellId: event.cellId, version: event.version, changes, clientId: event.changes?.clientId })
    return event.changes ? event : { ...event, ...told(changes, event.source) }
  })
  return { events: described, steps }
}

function isEdit(event: Event): event is Extract<Event, { type: 'cell.edited' }> {
  return event.type === 'cell.edited'
}

function told(changes: ChangeSet, source: string): { changes?: SourceChanges } {
  let inserted = 0
  changes.iterChanges((_from, _to, _fromAfter, _toAfter, text) => {
    inserted += text.length
  })
  // The type of CodeMirror's toJSON says nothing; its shape is the one of TextChanges.
  return inserted > SHORT && inserted > source.length / 2 ? {} : { changes: { set: changes.toJSON() } }
}
