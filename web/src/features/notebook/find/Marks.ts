import type { Match } from './matches.ts'
import { cellsRedrawn, TextPlaces, type ViewAt } from './TextPlaces.ts'
import './marks.css'

/** What lies over the end of the screen, and how near to what lies over it one still reads well, px. */
const STATUS_BAR = 28
const MARGIN = 12

function highlight(name: string, priority: number): Highlight | undefined {
  if (typeof Highlight === 'undefined') return undefined
  const made = new Highlight()
  made.priority = priority
  CSS.highlights.set(name, made)
  return made
}

/**
 * Shows on the page what was found, by the browser's own highlights: they change no element, so they are no work for an editor. Where
 * there are none, the page is only scrolled to what was found.
 */
export class Marks {
  private readonly places: TextPlaces
  private readonly all = highlight('found', 0)
  private readonly current = highlight('found-current', 1)
  private readonly drawn = new Map<string, readonly StaticRange[]>()
  private matches: ReadonlyMap<string, readonly Match[]> = new Map()
  private shown: Match | undefined
  private readonly outdated = new Set<string>()
  private readonly observer = new MutationObserver((records) => this.outdate(records))

  constructor(viewAt: ViewAt) {
    this.places = new TextPlaces(viewAt)
    const cells = document.getElementById('cells')
    if (cells) this.observer.observe(cells, { childList: true, subtree: true, characterData: true })
  }

  /** `seek`: the current one is brought onto the screen; the focus stays where it is. */
  show(matches: readonly Match[], shown: Match | undefined, seek: boolean): void {
    const before = this.matches
    this.matches = byCell(matches)
    this.shown = shown
    const cellIds = new Set([...before.keys(), ...this.matches.keys()])
    // Of many cells only one changes with a key: the others are drawn as they are.
    this.draw([...cellIds].filter((cellId) => !isSame(before.get(cellId), this.matches.get(cellId))))
    if (seek && shown) this.seek(shown)
  }

  dispose(): void {
    this.observer.disconnect()
    this.show([], undefined, false)
  }

  private draw(cellIds: Iterable<string>): void {
    for (const cellId of cellIds) {
      for (const range of this.drawn.get(cellId) ?? []) this.all?.delete(range)
      const ranges = this.places.rangesOf(cellId, this.matches.get(cellId) ?? [])
      for (const range of ranges) this.all?.add(range)
      this.drawn.set(cellId, ranges)
    }
    this.current?.clear()
    for (const range of this.shown ? this.places.rangesOf(this.shown.cellId, [this.shown]) : []) this.current?.add(range)
  }

  /** An editor has come or gone, or draws something else: what is marked in it is marked anew, before the next frame. */
  private outdate(records: readonly MutationRecord[]): void {
    const isScheduled = this.outdated.size > 0
    for (const cellId of records.flatMap(cellsRedrawn)) this.outdated.add(cellId)
    if (isScheduled || this.outdated.size === 0) return
    requestAnimationFrame(() => {
      this.draw(this.outdated)
      this.outdated.clear()
    })
  }

  private seek(match: Match): void {
    const bring = () => match === this.shown && bringOnScreen(this.places.boxOf(match))
    bring()
    // A cell that has not been on the screen is only guessed to be so tall: it may have come to lie elsewhere.
    requestAnimationFrame(bring)
  }
}

function byCell(matches: readonly Match[]): Map<string, Match[]> {
  const cells = new Map<string, Match[]>()
  for (const match of matches) {
    const own = cells.get(match.cellId)
    if (own) own.push(match)
    else cells.set(match.cellId, [match])
  }
  return cells
}

function isSame(some: readonly Match[] = [], others: readonly Match[] = []): boolean {
  return (
    some.length === others.length && some.every(({ from, to }, index) => from === others[index]?.from && to === others[index].to)
  )
}

function bringOnScreen(box: { top: number; bottom: number } | undefined): void {
  const covered = document.querySelector('.find-bar')?.getBoundingClientRect().bottom ?? 0
  if (!box || (box.top >= covered + MARGIN && box.bottom <= innerHeight - STATUS_BAR - MARGIN)) return
  scrollBy({ top: box.top - innerHeight / 3, behavior: 'instant' })
}
