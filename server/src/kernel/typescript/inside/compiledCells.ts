import type { InsideRequest } from './protocol.ts'
import type { Runtime } from './run.ts'
import { SafeMap } from './safe.ts'

export type CellFunction = (runtime: Runtime, flag: Int32Array, ...values: unknown[]) => Promise<unknown>

interface Entry {
  url: string
  names: string
  cell: CellFunction
}

/** More cells than a notebook may have: what was deleted or renamed goes first. */
const KEPT = 10_000

/**
 * The code of each cell, ready to be called. Making a function of a text costs more than running most cells, and a
 * script that was evaluated takes memory until the next big collection: the same code is therefore evaluated once.
 */
export class CompiledCells {
  readonly #cells = new SafeMap<string, Entry>()

  /** `names` are the parameters: they change when another cell begins to define what this one uses. */
  of(request: InsideRequest, names: string, compile: (request: InsideRequest, names: string) => CellFunction): CellFunction {
    const { cellId, url } = request
    const known = this.#cells.get(cellId)
    if (known?.url === url && known.names === names) return known.cell
    const cell = compile(request, names)
    this.#cells.delete(cellId)
    this.#cells.set(cellId, { url, names, cell })
    if (this.#cells.size > KEPT) this.#cells.delete(this.#cells.oldest() as string)
    return cell
  }
}
