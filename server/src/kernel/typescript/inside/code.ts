import type { InsideRequest } from './protocol.ts'
import type { Runtime } from './run.ts'
import { SafeMap } from './safe.ts'

/** A cell's code; the values it reads are its parameters, so that each run gets its own. */
export type CellFunction = (runtime: Runtime, flag: Int32Array, ...values: unknown[]) => Promise<unknown>

// biome-ignore lint/security/noGlobalEval: running what people write is what a kernel is for; it happens in a worker without permissions.
const indirectEval = globalThis.eval

/** Of every cell of a large notebook, unless they are very long. */
const MAX_KEPT = 5_000
const MAX_CHARACTERS = 8_000_000

/**
 * Functions made of cells' code, the most recently used of them: running unchanged code again makes no new one. The
 * engine keeps what it has compiled until it runs short of memory, which would be some kilobytes more with every run.
 */
export class CellCode {
  readonly #kept = new SafeMap<string, { made: CellFunction; length: number }>()
  #characters = 0

  /** `names` are those of the parameters, a comma before each. A request's address stands for its text. */
  functionOf({ url, body }: InsideRequest, names: string): CellFunction {
    const key = url + names
    const known = this.#kept.get(key)
    if (known) this.#drop(key)
    const entry = known ?? { made: compileFunction(url, names, body), length: body.length }
    this.#kept.set(key, entry)
    this.#characters += entry.length
    while (this.#kept.size > MAX_KEPT || (this.#characters > MAX_CHARACTERS && this.#kept.size > 1))
      this.#drop(this.#kept.oldest() as string)
    return entry.made
  }

  #drop(key: string): void {
    this.#characters -= this.#kept.get(key)?.length ?? 0
    this.#kept.delete(key)
  }
}

/** Strict code with no `this`; the body begins on the second line. */
function compileFunction(url: string, names: string, body: string): CellFunction {
  const head = `'use strict';(function(){return async($rivulet,$rivuletFlag${names})=>{`
  return indirectEval(`${head}\n${body}\n}})()\n//# sourceURL=${url}`) as CellFunction
}
