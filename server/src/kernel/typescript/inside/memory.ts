import { equal } from './equal.ts'

export interface Entry {
  value: unknown
  cellId: string
  /** Changes when the value does: who has read this version has read this value. */
  version: number
}

/** The notebook's values, by name, with the cell that made each. */
export class Memory {
  readonly #values = new Map<string, Entry>()
  readonly #names = new Map<string, Set<string>>()
  #versions = 0

  has(name: string): boolean {
    return this.#values.has(name)
  }

  get(name: string): unknown {
    return this.#values.get(name)?.value
  }

  entry(name: string): Readonly<Entry> | undefined {
    return this.#values.get(name)
  }

  /** `before`: what the name was in the cell's last run; an equal value keeps its version. */
  set(name: string, value: unknown, cellId: string, before?: Readonly<Entry>): void {
    this.delete(name)
    this.#versions += 1
    const version = before && equal(before.value, value) ? before.version : this.#versions
    this.#values.set(name, { value, cellId, version })
    const names = this.#names.get(cellId)
    if (names) names.add(name)
    else this.#names.set(cellId, new Set([name]))
  }

  /** Values of this cell are to be read anew: something inside of them has changed. */
  touch(cellId: string): void {
    for (const name of this.#names.get(cellId) ?? []) {
      const entry = this.#values.get(name)
      this.#versions += 1
      if (entry) entry.version = this.#versions
    }
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
  deleteOfCell(cellId: string): Map<string, Entry> {
    const deleted = new Map<string, Entry>()
    for (const name of this.#names.get(cellId) ?? []) {
      const entry = this.#values.get(name)
      if (entry) deleted.set(name, entry)
      this.#values.delete(name)
    }
    this.#names.delete(cellId)
    return deleted
  }
}
