import type { Cell } from '@rivulet/server/notebook/model'
import { toast } from '../../ui/toast.ts'
import type { ComingCell } from './ComingCell.ts'
import type { Structure } from './Structure.ts'

type Clipboard = typeof import('./clipboard/clipboard.ts')

interface Parts {
  structure: Structure
  coming: ComingCell
  /** Those that are there, with the text that this tab has. */
  written: (cellIds: readonly string[]) => Cell[]
}

/** Cells on their way to another place, notebook or tab. What keeps them arrives with the first of them. */
export class CellClipboard {
  private readonly parts: Parts
  private done: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.parts = parts
  }

  readonly copy = (cellIds: readonly string[]): void => this.keep(cellIds, () => undefined)

  readonly cut = (cellIds: readonly string[]): void => this.keep(cellIds, () => void this.parts.structure.remove(cellIds))

  /** `place`: behind which cell (`null`: first), asked when what was cut before is gone. */
  readonly paste = (place: () => string | null): void =>
    void this.parts.coming.awaited('cell', () =>
      this.inTurn(({ take }) => {
        const cells = take()
        return cells.length ? this.parts.structure.paste(cells, place()) : undefined
      }),
    )

  private keep(cellIds: readonly string[], then: () => void): void {
    const cells = this.parts.written(cellIds)
    if (!cells.length) return
    // Right away, as browsers allow it only because of a key or a click. Who may not has the cells all the same.
    navigator.clipboard?.writeText(cells.map(({ source }) => source).join('\n\n')).catch(() => undefined)
    void this.inTurn(({ keep }) => (keep(cells) ? then() : undefined))
  }

  /** In the order of the keys, also while the code is on its way. */
  private inTurn<T>(work: (clipboard: Clipboard) => T | Promise<T>): Promise<T | undefined> {
    const failed = () => void toast('The clipboard could not be loaded. Check the connection.', { tone: 'bad' })
    const done = this.done
      .then(() => import('./clipboard/clipboard.ts'))
      .then(work)
      .catch(failed)
    this.done = done
    return done.then((made) => made ?? undefined)
  }
}
