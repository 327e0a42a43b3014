import { Store } from '../../ui/store.ts'
import type { Selection } from '../cell/host.ts'

/** Grows over the whole page's life, so that a request is never mistaken for an older one. */
let turns = 0

/** Which cell is current. Everything goes by cell id, never by index: cells move while people type. */
export class SelectionStore {
  readonly state = new Store<Selection>({ active: null, selected: new Set(), mode: 'command' })
  /** The neighbour of a cell that others took away while it was current. */
  private beside: string | undefined

  get active(): string | null {
    return this.state.get().active
  }

  /** Where the keyboard goes on. */
  get current(): string | undefined {
    return this.active ?? this.beside
  }

  /** In page order. */
  chosen(order: readonly string[]): string[] {
    const { selected } = this.state.get()
    return order.filter((cellId) => selected.has(cellId))
  }

  entered(cellId: string, mode: Selection['mode']): void {
    const now = this.state.get()
    if (now.active === cellId && now.mode === mode) return
    const selected = now.selected.has(cellId) && mode === 'command' ? now.selected : new Set([cellId])
    this.state.set({ ...now, active: cellId, selected, mode })
  }

  /** `insert`: what is to be written at the cursor then. */
  focus(cellId: string, into: 'cell' | 'editor' = 'cell', insert?: string): void {
    this.state.set({
      active: cellId,
      selected: new Set([cellId]),
      mode: into === 'editor' ? 'edit' : 'command',
      request: { cellId, into, turn: ++turns, ...(insert !== undefined && { insert }) },
    })
  }

  /** Shows a piece of a cell's text, selected; the focus goes there only when asked for. */
  reveal({ cellId, from, to }: { cellId: string; from: number; to: number }, focus?: 'focus'): void {
    this.state.set({
      active: cellId,
      selected: new Set([cellId]),
      mode: 'edit',
      request: { cellId, into: 'editor', turn: ++turns, range: { from, to }, quiet: focus === undefined },
    })
  }

  /** Moves to the neighbour and takes it into the selection. */
  extend(order: readonly string[], by: -1 | 1): void {
    const { active, selected } = this.state.get()
    const next = order[order.indexOf(active ?? '') + by]
    if (!active || !next) return
    const grown = new Set(selected)
    if (selected.has(next)) grown.delete(active)
    else grown.add(next)
    this.state.set({ active: next, selected: grown, mode: 'command', request: { cellId: next, into: 'cell', turn: ++turns } })
  }

  step(order: readonly string[], by: -1 | 1, into: 'cell' | 'editor' = 'cell'): void {
    const at = order.indexOf(this.active ?? '')
    const next = at < 0 ? order[0] : order[at + by]
    if (next) this.focus(next, into)
  }

  /** Before cells go: their neighbour takes over. */
  leave(order: readonly string[], going: ReadonlySet<string>): void {
    if (!this.active || !going.has(this.active)) return
    const next = neighbourOf(this.active, order, going)
    if (next) this.focus(next)
    else this.state.set({ active: null, selected: new Set(), mode: 'command' })
  }

  /** Others took it away, perhaps in the middle of a word: no other cell is current, so that the rest of the word commands nothing. */
  bereave(order: readonly string[], going: ReadonlySet<string>): void {
    if (!this.active || !going.has(this.active)) return
    this.beside = neighbourOf(this.active, order, going)
    this.state.set({ active: null, selected: new Set(), mode: 'edit' })
  }
}

function neighbourOf(cellId: string, order: readonly string[], going: ReadonlySet<string>): string | undefined {
  const at = order.indexOf(cellId)
  return order.slice(at).find((id) => !going.has(id)) ?? order.slice(0, at).findLast((id) => !going.has(id))
}
