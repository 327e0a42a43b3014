import type { SelectionStore } from './selection.ts'

type Into = 'cell' | 'editor'

/** So long the keyboard is kept for a cell that does not come, ms. */
const PATIENCE_MS = 5_000
const LOOK_EVERY_MS = 8
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'])

const later = () => performance.now() + PATIENCE_MS

/** Whether the focus gets into the cell. */
async function takesFocus(cellId: string, into: Into): Promise<boolean> {
  for (const end = later(); performance.now() < end; ) {
    const focused = document.activeElement
    if (focused?.closest('article')?.id === `cell-${cellId}` && (into === 'cell' || focused.matches('.cm-content'))) return true
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  return false
}

/**
 * What is typed between asking for a cell and being in it. It is meant for that cell: the one that has the focus until then would be written
 * into, turned into another language, or deleted.
 */
export class ComingCell {
  private readonly selection: SelectionStore
  /** Keys, and texts that were pasted. */
  private kept: (KeyboardEvent | string)[] = []
  private arrival: Promise<boolean> = Promise.resolve(true)
  private isAwaited = false
  private keepsUntil = 0

  constructor(selection: SelectionStore) {
    this.selection = selection
  }

  /** `ask` answers the cell that the focus goes to, or nothing when none comes. */
  async awaited(into: Into, ask: () => Promise<string | undefined>): Promise<void> {
    this.keepsUntil = later()
    this.arrival = ask().then((cellId) => cellId !== undefined && takesFocus(cellId, into))
    if (!this.isAwaited) await this.handOn()
  }

  /** Whether the key is kept: then it must reach nobody else. What the browser does with Ctrl or Cmd is not waited for. */
  keeps(event: KeyboardEvent): boolean {
    if (!this.isKeeping(event)) return false
    if (MODIFIERS.has(event.key) || ((event.ctrlKey || event.metaKey) && event.key !== 'Enter')) return false
    this.kept.push(event)
    return true
  }

  /** Whether what is pasted is kept, too: the editor that still has the focus would take it. */
  keepsPasted(event: ClipboardEvent): boolean {
    if (!this.isKeeping(event)) return false
    this.kept.push(event.clipboardData?.getData('text/plain') ?? '')
    return true
  }

  private isKeeping({ isTrusted }: Event): boolean {
    return this.isAwaited && isTrusted && performance.now() <= this.keepsUntil
  }

  private async handOn(): Promise<void> {
    this.isAwaited = true
    try {
      do {
        if (!(await this.hasCome())) this.kept = []
        const next = this.kept.shift()
        if (next) await this.repeat(next)
      } while (this.kept.length)
    } finally {
      this.kept = []
      this.isAwaited = false
    }
  }

  /** Where a command puts the focus, there the next key goes. */
  private async repeat(kept: KeyboardEvent | string): Promise<void> {
    const { pressKey, write } = await import('./pressKey.ts')
    const before = this.selection.state.get().request
    await (typeof kept === 'string' ? write(kept) : pressKey(kept))
    const { request } = this.selection.state.get()
    if (request && request !== before) await takesFocus(request.cellId, request.into)
  }

  /** Meanwhile another one may have been asked for, also by a key that was handed on: that is the one to wait for. */
  private async hasCome(): Promise<boolean> {
    const { arrival } = this
    const come = await arrival
    return arrival === this.arrival ? come : this.hasCome()
  }
}
