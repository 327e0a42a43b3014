import type { Memory } from './memory.ts'
import type { InsideRequest } from './protocol.ts'
import { SafeMap } from './safe.ts'

interface Good {
  body: string
  reads: Reads
}

/** Version of each name that a run could read. */
export type Reads = SafeMap<string, number>

/** What each cell's last good run was made of: an optional run of the same is not made again (S17). */
export class Cutoff {
  readonly #memory: Memory
  readonly #good = new SafeMap<string, Good>()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** Versions of what the request reads, as they are now. */
  reads({ binds }: InsideRequest): Reads {
    const reads: Reads = new SafeMap()
    for (let i = 0; i < binds.length; i += 1) {
      const name = binds[i] as string
      const entry = this.#memory.entry(name)
      if (entry) reads.set(name, entry.version)
    }
    return reads
  }

  succeeded(request: InsideRequest, reads: Reads): void {
    this.#good.set(request.cellId, { body: request.body, reads })
  }

  started(cellId: string): void {
    this.#good.delete(cellId)
  }

  /** The request may end without being executed: its values are in memory, and nothing they depend on has changed. */
  stands(request: InsideRequest): boolean {
    const good = request.optional ? this.#good.get(request.cellId) : undefined
    if (!good || good.body !== request.body || request.refused) return false
    return sameReads(good.reads, this.reads(request)) && this.#holdsAll(request)
  }

  #holdsAll({ defines, cellId }: InsideRequest): boolean {
    for (let i = 0; i < defines.length; i += 1) {
      if (this.#memory.entry(defines[i] as string)?.cellId !== cellId) return false
    }
    return true
  }
}

function sameReads(a: Reads, b: Reads): boolean {
  let same = a.size === b.size
  b.each((version, name) => {
    if (a.get(name) !== version) same = false
  })
  return same
}
