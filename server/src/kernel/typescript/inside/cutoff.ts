import type { Memory } from './memory.ts'
import type { InsideRequest } from './protocol.ts'

interface Good {
  body: string
  /** Version of each name it could read. */
  reads: ReadonlyMap<string, number>
}

/** What each cell's last good run was made of: an optional run of the same is not made again (S17). */
export class Cutoff {
  readonly #memory: Memory
  readonly #good = new Map<string, Good>()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** Versions of what the request reads, as they are now. */
  reads(request: InsideRequest): Map<string, number> {
    const reads = new Map<string, number>()
    for (const name of request.binds) {
      const entry = this.#memory.entry(name)
      if (entry) reads.set(name, entry.version)
    }
    return reads
  }

  succeeded(request: InsideRequest, reads: ReadonlyMap<string, number>): void {
    this.#good.set(request.cellId, { body: request.body, reads })
  }

  started(cellId: string): void {
    this.#good.delete(cellId)
  }

  /** The request may end without being executed: its values are in memory, and nothing they depend on has changed. */
  stands(request: InsideRequest): boolean {
    const good = request.optional ? this.#good.get(request.cellId) : undefined
    if (!good || good.body !== request.body || request.refused) return false
    const reads = this.reads(request)
    const unchanged = reads.size === good.reads.size && [...reads].every(([name, version]) => good.reads.get(name) === version)
    return unchanged && request.defines.every((name) => this.#memory.entry(name)?.cellId === request.cellId)
  }
}
