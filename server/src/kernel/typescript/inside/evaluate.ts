import { plotly, vegaLite } from './charts.ts'
import type { CellCode } from './code.ts'
import type { Memory } from './memory.ts'
import { type Run, Runtime, type RuntimeHost } from './run.ts'
import { apply, makeList, SafeMap } from './safe.ts'
import { html, md, svg } from './tags.ts'

export interface EvaluateHost extends RuntimeHost {
  memory: Memory
  code: CellCode
  console: object
}

const PLOT = '@observablehq/plot'

/** Runs a cell's code; resolves to its top-level names and the value of its last expression. */
export async function evaluate(run: Run, host: EvaluateHost): Promise<Runtime> {
  const parameters = parametersOf(run, host)
  if (parameters.has('Plot') && !host.memory.has('Plot')) parameters.set('Plot', await host.importPackage(PLOT))
  const runtime = new Runtime(run, host)
  const given = makeList<unknown>()
  given[0] = runtime
  given[1] = host.flag
  let names = ''
  parameters.each((value, name) => {
    given[given.length] = value
    names += `,${name}`
  })
  await apply(host.code.functionOf(run.request, names), undefined, given)
  return runtime
}

/** What the code uses of what it may: names of other cells go before those of the kernel. */
function parametersOf(run: Run, host: EvaluateHost): SafeMap<string, unknown> {
  const { binds, uses } = run.request
  const builtins = builtinsFor(run, host)
  const all = new SafeMap<string, unknown>()
  for (let i = 0; i < builtins.length; i += 1) all.set((builtins[i] as Builtin)[0], (builtins[i] as Builtin)[1])
  for (let i = 0; i < binds.length; i += 1) {
    const name = binds[i] as string
    if (host.memory.has(name)) all.set(name, host.memory.get(name))
  }
  const parameters = new SafeMap<string, unknown>()
  for (let i = 0; i < uses.length; i += 1)
    if (all.has(uses[i] as string)) parameters.set(uses[i] as string, all.get(uses[i] as string))
  return parameters
}

type Builtin = readonly [name: string, value: unknown]

/** What every cell may use without defining it. */
function builtinsFor(run: Run, host: EvaluateHost): readonly Builtin[] {
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
    ['Plot', undefined],
    ['vegaLite', vegaLite],
    ['plotly', plotly],
  ]
}
