import { remembered } from '../../ui/remembered.ts'
import { Store } from '../../ui/store.ts'
import type { Drafts } from '../cell/drafts/Drafts.ts'

const KEY = 'rivulet:run-on-edit'
/** After the last key: long enough to finish a word. */
const PAUSE_MS = 600

interface Options {
  drafts: Drafts
  /** Whether this cell may run by itself now. */
  mayRun: (cellId: string) => boolean
  run: (cellId: string) => void
}

/** Runs a cell when somebody has stopped typing in it, for who has chosen that in this browser. */
export class RunOnEdit {
  readonly chosen = new Store(remembered.get(KEY) !== null)
  private readonly options: Options
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: Options) {
    this.options = options
    options.drafts.typed.subscribe(() => this.typed())
  }

  choose(on: boolean): void {
    if (on) remembered.set(KEY, 'on')
    else remembered.remove(KEY)
    this.chosen.set(on)
    clearTimeout(this.timer)
  }

  private typed(): void {
    clearTimeout(this.timer)
    const { cellId } = this.options.drafts.typed.get() ?? {}
    if (cellId === undefined || !this.chosen.get()) return
    this.timer = setTimeout(() => this.options.mayRun(cellId) && this.options.run(cellId), PAUSE_MS)
  }
}
