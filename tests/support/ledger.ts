import { toWire } from '@rivulet/server/notebook/evolve'
import type { Notebook } from '@rivulet/server/notebook/model'

type State = Parameters<typeof toWire>[0]

/** What a notebook looks like at every position, as told by everybody who was there: they must all say the same. */
export class Ledger {
  private readonly seen = new Map<number, string>()
  /** How often somebody was asked and agreed. */
  agreed = 0

  see(state: State, who: string): void {
    this.seeText(state.rev, textOf(toWire(state)), who)
  }

  seeWire(notebook: Notebook, who: string): void {
    this.seeText(notebook.rev, textOf(notebook), who)
  }

  get positions(): number {
    return this.seen.size
  }

  private seeText(rev: number, text: string, who: string): void {
    const known = this.seen.get(rev)
    if (known === undefined) this.seen.set(rev, text)
    else if (known === text) this.agreed += 1
    else throw new Error(`At position ${rev}, ${who} has\n${text}\nand others had\n${known}`)
  }
}

/** One text for equal states, whatever the order of their keys. */
function textOf(notebook: Notebook): string {
  return JSON.stringify(notebook, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
