import { readInputs } from './inputs.ts'
import type { Memory } from './memory.ts'
import { type Run, Runtime, type RuntimeHost } from './run.ts'
import { html, md, svg } from './tags.ts'

export interface EvaluateHost extends RuntimeHost {
  memory: Memory
  console: object
}

type CellFunction = (runtime: Runtime, flag: Int32Array, ...values: unknown[]) => Promise<Record<string, unknown>>

// biome-ignore lint/security/noGlobalEval: running what people write is what a kernel is for; it happens in a worker without permissions.
const indirectEval = globalThis.eval

/** Runs a cell's code; resolves to its top-level names and the value of its last expression. */
export async function evaluate(run: Run, host: EvaluateHost): Promise<{ names: Record<string, unknown>; value: unknown }> {
  const parameters = new Map<string, unknown>(builtins(run, host))
  for (const name of run.request.binds) if (host.memory.has(name)) parameters.set(name, readInputs(host.memory.get(name)))
  const free = new Set(run.request.uses)
  for (const name of parameters.keys()) if (!free.has(name)) parameters.delete(name)
  if (free.has('Plot') && !host.memory.has('Plot')) parameters.set('Plot', await host.importPackage('@observablehq/plot'))
  const runtime = new Runtime(run, host)
  const cell = compileFunction(run, [...parameters.keys()])
  const names = await cell(runtime, host.flag, ...parameters.values())
  return { names, value: runtime.value }
}

/** What every cell may use without defining it; a name of the notebook goes before. */
function builtins(run: Run, host: EvaluateHost): [string, unknown][] {
  // Functions outlive their run and may be called from another: they speak for whoever is running.
  const speaker = () => host.current() ?? run
  return [
    ['console', host.console],
    ['display', (value: unknown) => speaker().display(value)],
    ['stop', (condition: unknown, output?: unknown) => speaker().stop(condition, output)],
    ['progress', (done: number, total: number, label?: string) => speaker().progress(done, total, label)],
    ['input', run.makeInputs()],
    ['invalidation', run.invalidation.signal],
    ['html', html],
    ['svg', svg],
    ['md', md],
  ]
}

/** Strict code with no `this` and no `arguments`; the body begins on the second line. */
function compileFunction(run: Run, parameters: readonly string[]): CellFunction {
  const head = `(function(){'use strict';return async($rivulet,$rivuletFlag${parameters.map((name) => `,${name}`).join('')})=>{`
  const code = `${head}\n${run.request.body}\n}}).call(undefined)\n//# sourceURL=${run.request.url}`
  return indirectEval(code) as CellFunction
}
