import { equal } from './equal.ts'
import { readInputs } from './inputs.ts'
import { SafeMap } from './safe.ts'

export interface Entry {
  value: unknown
  cellId: string
  /** Changes when the value does: who has read this version has read this value. */
  version: number
  /** Its cell made inputs, which it may hold. */
  hasInputs: boolean
}

/** The notebook's values, by name, with the cell that made each. */
export class Memory {
  readonly #values = new SafeMap<string, Entry>()
  readonly #names = new SafeMap<string, SafeMap<string, true>>()
  #versions = 0

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** What other cells read. */
  get(name: string): unknown {
    const entry = this.#values.get(name)
    return entry?.hasInputs ? readInputs(entry.value) : entry?.value
  }

  entry(name: string): Readonly<Entry> | undefined {
    return this.#values.get(name)
  }

  /** `before`: what the name was in the cell's last run; an equal value keeps its version. */
  set(name: string, entry: Omit<Entry, 'version'>, before?: Readonly<Entry>): void {
    const { value, cellId } = entry
    this.delete(name)
    this.#versions += 1
    const version = before && equal(before.value, value) ? before.version : this.#versions
    this.#values.set(name, { ...entry, version })
    const names = this.#names.get(cellId) ?? new SafeMap()
    names.set(name, true)
    this.#names.set(cellId, names)
  }

  /** Values of this cell are to be read anew: something inside of them has changed. */
  touch(cellId: string): void {
    this.#names.get(cellId)?.each((_, name) => {
      const entry = this.#values.get(name)
      this.#versions += 1
      if (entry) entry.version = this.#versions
    })
  }

  /** Returns the cell that had made it. */
  delete(name: string): string | undefined {
    const cellId = this.#values.get(name)?.cellId
    if (cellId === undefined) return undefined
    this.#values.delete(name)
    this.#names.get(cellId)?.delete(name)
    return cellId
  }

  /** Returns what was deleted. */
  deleteOfCell(cellId: string): SafeMap<string, Entry> {
    const deleted = new SafeMap<string, Entry>()
    this.#names.get(cellId)?.each((_, name) => {
      const entry = this.#values.get(name)
      if (entry) deleted.set(name, entry)
      this.#values.delete(name)
    })
    this.#names.delete(cellId)
    return deleted
  }
}
