import type { AppRouter } from '@rivulet/server/api'
import type { NotebookState } from '@rivulet/server/notebook/evolve'
import type { Actor } from '@rivulet/server/notebook/model'
import type { inferRouterOutputs } from '@trpc/server'
import { plural } from '../../../ui/format.ts'
import { LANGUAGE_NAMES } from '../../cell/languageNames.ts'
import { positionOf } from '../../cell/names.ts'

type Outputs = inferRouterOutputs<AppRouter>
export type Entry = Outputs['getHistory']['entries'][number]
export type EntryInFull = Outputs['getHistoryEntry']
export type Step = EntryInFull['steps'][number]
type Kind = Step['kind']

/** In the order in which they are told. */
const DEEDS: Record<Exclude<Kind, 'renamed'>, string> = {
  inserted: 'added',
  edited: 'edited',
  deleted: 'deleted',
  moved: 'moved',
  set: 'changed the settings of',
}

const VIA: Record<Actor['via'], string> = { ui: '', api: ' (by script)', agent: ' (agent)', system: '' }

export const nameOf = ({ name, via }: Actor): string => `${name}${VIA[via]}`

/** `Ada`, `Ada and Ben`, `Ada, Ben and 2 others`. */
export function namesOf(actors: readonly Actor[]): string {
  const names = [...new Set(actors.map(nameOf))]
  if (names.length <= 2) return names.join(' and ')
  return names.length === 3
    ? `${names[0]}, ${names[1]} and ${names[2]}`
    : `${names[0]}, ${names[1]} and ${names.length - 2} others`
}

/** A cell by its place now. */
export function cellName(notebook: NotebookState, cellId: string | undefined): string {
  const position = cellId === undefined ? 0 : positionOf(notebook, cellId)
  return position > 0 ? `cell ${position}` : 'a cell that is gone'
}

/** What was done, as what follows a name: `edited cell 3`, `added 20 cells, edited 3, moved cell 5`. */
export function deedsOf(notebook: NotebookState, { changes, cells, restored }: Entry): string {
  if (restored)
    return restored.cellId
      ? `took ${cellName(notebook, restored.cellId)} back to ${timeOf(restored.at)}`
      : `went back to ${timeOf(restored.at)}`
  const deeds: string[] = []
  let counted = false
  for (const kind of Object.keys(DEEDS) as (keyof typeof DEEDS)[]) {
    const count = cells[kind] ?? 0
    if (count === 1) deeds.push(`${DEEDS[kind]} ${theOne(notebook, kind, changes)}`)
    if (count < 2) continue
    deeds.push(`${DEEDS[kind]} ${counted ? count.toLocaleString('en') : plural(count, 'cell')}`)
    counted = true
  }
  const renamed = changes.find(({ kind }) => kind === 'renamed')
  if (renamed) deeds.push(`renamed the notebook “${renamed.title ?? ''}”`)
  return deeds.join(', ')
}

/** The only cell of its kind, by its place; one among so many changes that it is not listed has none here. */
function theOne(notebook: NotebookState, kind: Kind, changes: Entry['changes']): string {
  const listed = changes.find((change) => change.kind === kind)
  return listed && kind !== 'deleted' ? cellName(notebook, listed.cellId) : 'a cell'
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }

/** `10:42`, with the date when that is not today. */
export function timeOf(iso: string, now = Date.now()): string {
  const date = new Date(iso)
  const clock = date.toLocaleTimeString(undefined, CLOCK)
  if (dayOf(iso) === dayOf(new Date(now).toISOString())) return clock
  return `${date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}, ${clock}`
}

const dayOf = (iso: string): string => new Date(iso).toDateString()
const DAY_MS = 86_400_000

/** `Today`, `Yesterday`, or the date. */
export function dayName(iso: string, now = Date.now()): string {
  if (dayOf(iso) === new Date(now).toDateString()) return 'Today'
  if (dayOf(iso) === new Date(now - DAY_MS).toDateString()) return 'Yesterday'
  return new Date(iso).toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
}

/** Entries under the days on which they were made, the newest first. */
export function byDay(entries: readonly Entry[], now = Date.now()): { day: string; entries: Entry[] }[] {
  const days: { day: string; entries: Entry[] }[] = []
  for (const entry of entries) {
    const day = dayName(entry.at, now)
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}

/** What a change of settings says: `language: TypeScript → Markdown`. */
export function settingsText({ before, after }: Step & { kind: 'set' }): string {
  const on = (value: boolean) => (value ? 'yes' : 'no')
  const lines = [
    ['language', LANGUAGE_NAMES[before.language].name, LANGUAGE_NAMES[after.language].name],
    ['disabled', on(before.disabled), on(after.disabled)],
    ['code hidden', on(before.hidden), on(after.hidden)],
    ['result name', before.resultName ?? 'none', after.resultName ?? 'none'],
    ['connection', before.connectionId ?? 'built in', after.connectionId ?? 'built in'],
  ]
  return lines.flatMap(([what, was, is]) => (was === is ? [] : [`${what}: ${was} → ${is}`])).join('; ')
}

/** `a cell`, at the beginning of a line. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
