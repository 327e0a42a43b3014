import type { NotebookSummary } from '@rivulet/server/notebook/model'
import { remembered } from '../../ui/remembered.ts'

/** How the list can be sorted, by what a person calls it. */
export const SORTINGS = { edited: 'Last edited', title: 'Title', cells: 'Most cells' } as const
export type Sorting = keyof typeof SORTINGS

const ORDERS: Record<Sorting, (a: NotebookSummary, b: NotebookSummary) => number> = {
  edited: (a, b) => b.updatedAt.localeCompare(a.updatedAt),
  // As people count: notebook 2 before notebook 10.
  title: (a, b) => a.title.localeCompare(b.title, undefined, { numeric: true, sensitivity: 'base' }),
  cells: (a, b) => b.cellCount - a.cellCount,
}

/** Notebooks whose title holds every word that is looked for; equals in the order of their last edit. */
export function found(notebooks: readonly NotebookSummary[], query: string, sorting: Sorting): NotebookSummary[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return notebooks
    .filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)))
    .sort((a, b) => ORDERS[sorting](a, b) || ORDERS.edited(a, b))
}

const KEY = 'rivulet:home-sorting'
const isSorting = (text: string | null): text is Sorting => text !== null && text in SORTINGS

export const storedSorting = {
  get: (): Sorting => {
    const stored = remembered.get(KEY)
    return isSorting(stored) ? stored : 'edited'
  },
  set: (sorting: Sorting) => remembered.set(KEY, sorting),
}
