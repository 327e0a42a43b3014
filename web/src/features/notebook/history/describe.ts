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

const DEEDS: Record<Kind, { did: string; order: number }> = {
  edited: { did: 'edited', order: 0 },
  inserted: { did: 'added', order: 1 },
  deleted: { did: 'deleted', order: 2 },
  moved: { did: 'moved', order: 3 },
  set: { did: 'changed the settings of', order: 4 },
  renamed: { did: 'renamed the notebook', order: 5 },
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

/** What was done, as what follows a name: `edited cell 3`, `added 2 cells, deleted 1`. */
export function deedsOf(notebook: NotebookState, { changes, changeCount, restored }: Entry): string {
  if (restored)
    return restored.cellId
      ? `took ${cellName(notebook, restored.cellId)} back to ${timeOf(restored.at)}`
      : `went back to ${timeOf(restored.at)}`
  const kinds = [...new Set(changes.map(({ kind }) => kind))].sort((a, b) => DEEDS[a].order - DEEDS[b].order)
  const deeds = kinds.map((kind) =>
    deed(
      notebook,
      kind,
      changes.filter((change) => change.kind === kind),
    ),
  )
  const more = changeCount - changes.length
  return deeds.join(', ') + (more > 0 ? `, and ${plural(more, 'more change')}` : '')
}

function deed(notebook: NotebookState, kind: Kind, changes: Entry['changes']): string {
  const { did } = DEEDS[kind]
  const [first, ...others] = changes
  if (kind === 'renamed') return `${did} “${first?.title ?? ''}”`
  const cells = new Set(changes.map(({ cellId }) => cellId)).size
  if (others.length > 0 && cells > 1) return `${did} ${plural(cells, 'cell')}`
  return kind === 'deleted' ? `${did} a cell` : `${did} ${cellName(notebook, first?.cellId)}`
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
