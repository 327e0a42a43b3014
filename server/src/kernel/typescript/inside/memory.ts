/** The notebook's values, by name, with the cell that made each. */
export class Memory {
  readonly #values = new Map<string, { value: unknown; cellId: string }>()
  readonly #names = new Map<string, Set<string>>()

  has(name: string): boolean {
    return this.#values.has(name)
  }

  get(name: string): unknown {
    return this.#values.get(name)?.value
  }

  set(name: string, value: unknown, cellId: string): void {
    this.delete(name)
    this.#values.set(name, { value, cellId })
    const names = this.#names.get(cellId)
    if (names) names.add(name)
    else this.#names.set(cellId, new Set([name]))
  }

  /** Returns the cell that had made it. */
  delete(name: string): string | undefined {
    const cellId = this.#values.get(name)?.cellId
    if (cellId === undefined) return undefined
    this.#values.delete(name)
    this.#names.get(cellId)?.delete(name)
    return cellId
  }

  deleteOfCell(cellId: string): void {
    for (const name of this.#names.get(cellId) ?? []) this.#values.delete(name)
    this.#names.delete(cellId)
  }
}
