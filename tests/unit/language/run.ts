import { compile } from '@rivulet/server/src/language/typescript/compile.ts'

/** What the kernel gives compiled code as `$rivulet`, and what code left there. */
class Runtime {
  value: unknown
  names: Record<string, unknown> = {}
  /** Looks at the flag that were answered. */
  halts = 0
  resumptions = 0
  readonly imports: string[] = []
  readonly #modules: Record<string, unknown>

  constructor(modules: Record<string, unknown>) {
    this.#modules = modules
  }

  halt(): void {
    this.halts += 1
  }

  resumed<T>(value: T): T {
    this.resumptions += 1
    return value
  }

  async import(specifier: string): Promise<unknown> {
    this.imports.push(specifier)
    return this.#modules[specifier]
  }
}

export interface RunOptions {
  /** What other cells define. */
  given?: Record<string, unknown>
  modules?: Record<string, unknown>
  /** Every check of the flag calls `halt`. */
  raised?: boolean
}

// biome-ignore lint/security/noGlobalEval: runs compiled cells as the kernel does.
const indirectEval = globalThis.eval

/** Compiles a cell and runs it as inside/evaluate.ts does: strict, without `this`, the body from the second line on. */
export async function run(source: string, options: RunOptions = {}): Promise<Runtime> {
  const compiled = compile(source)
  if (!compiled.ok) throw new SyntaxError(`${compiled.error.line}:${compiled.error.column} ${compiled.error.message}`)
  const given = Object.entries(options.given ?? {}).filter(([name]) => compiled.uses.includes(name))
  const head = `'use strict';(function(){return async($rivulet,$rivuletFlag${given.map(([name]) => `,${name}`).join('')})=>{`
  const runtime = new Runtime(options.modules ?? {})
  const cell = indirectEval(`${head}\n${compiled.body}\n}})()\n//# sourceURL=rivulet:cell`) as (
    ...values: unknown[]
  ) => Promise<void>
  try {
    await cell(runtime, Int32Array.of(options.raised ? 1 : 0), ...given.map(([, value]) => value))
  } catch (error) {
    throw new CellError(error, compiled.positionOf)
  }
  return runtime
}

type PositionOf = Extract<ReturnType<typeof compile>, { ok: true }>['positionOf']

/** Something that a cell threw, with the user's own places for its frames, innermost first. */
export class CellError extends Error {
  readonly places: string[]

  constructor(thrown: unknown, positionOf: PositionOf) {
    super('A cell failed', { cause: thrown })
    this.places = framesOf(thrown).map(({ line, column }) => {
      const at = positionOf({ line: line - 1, column })
      return at ? `${at.line}:${at.column}` : 'nowhere'
    })
  }
}

function framesOf(thrown: unknown): { line: number; column: number }[] {
  const stack = thrown instanceof Error ? String(thrown.stack) : ''
  return [...stack.matchAll(/rivulet:cell:(\d+):(\d+)/g)].map(([, line, column]) => ({
    line: Number(line),
    column: Number(column),
  }))
}
