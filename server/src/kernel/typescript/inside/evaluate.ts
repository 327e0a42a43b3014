import { plotly, vegaLite } from './charts.ts'
import type { CellCode } from './code.ts'
import { Interrupted } from './errors.ts'
import type { Memory } from './memory.ts'
import { type Queries, withRows } from './queries.ts'
import { type Run, Runtime, type RuntimeHost } from './run.ts'
import { apply, each, makeList, SafeMap } from './safe.ts'
import { html, md, svg } from './tags.ts'

export interface EvaluateHost extends RuntimeHost {
  memory: Memory
  code: CellCode
  queries: Queries
  console: object
}

const PLOT = '@observablehq/plot'

/** What a run leaves. */
interface Evaluated {
  /** Top-level names. */
  names: Record<string, unknown>
  /** Of the last expression. */
  value: unknown
}

/** Runs a cell's code, and the query that a SQL cell is. */
export async function evaluate(run: Run, host: EvaluateHost): Promise<Evaluated> {
  const parameters = parametersOf(run, host)
  if (parameters.has('Plot') && !host.memory.has('Plot')) parameters.set('Plot', await host.importPackage(PLOT))
  const rows = withRows(run, parameters, host.queries)
  if (rows) await rows
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
  const { query } = run.request
  if (!query) return runtime
  if (run.ended || run.givenUp) throw new Interrupted('Interrupted')
  const result = await host.queries.ask(run, runtime.value as unknown[])
  return { value: undefined, names: result && query.resultName !== undefined ? { [query.resultName]: result } : {} }
}

/** What the code uses of what it may: names of other cells go before those of the kernel. */
function parametersOf(run: Run, host: EvaluateHost): SafeMap<string, unknown> {
  const { binds, uses } = run.request
  const bound = new SafeMap<string, true>()
  each(binds, (name) => bound.set(name, true))
  const parameters = new SafeMap<string, unknown>()
  each(uses, (name) => {
    const make = BUILTINS.get(name)
    if (bound.has(name) && host.memory.has(name)) parameters.set(name, host.memory.get(name))
    else if (make) parameters.set(name, make(run, host))
  })
  return parameters
}

/** Functions outlive their run and may be called from another: they speak for whoever is running. */
const speaker = (run: Run, host: EvaluateHost): Run => host.current() ?? run

/** What every cell may use without defining it; made for a run when its code uses it. */
const BUILTINS = new SafeMap<string, (run: Run, host: EvaluateHost) => unknown>()
BUILTINS.set('console', (_, host) => host.console)
BUILTINS.set('display', (run, host) => (value: unknown) => speaker(run, host).display(value))
BUILTINS.set('stop', (run, host) => (condition: unknown, output?: unknown) => speaker(run, host).stop(condition, output))
BUILTINS.set(
  'progress',
  (run, host) => (done: number, total: number, label?: string) => speaker(run, host).progress(done, total, label),
)
BUILTINS.set('input', (run) => run.makeInputs())
BUILTINS.set('invalidation', (run) => run.invalidation)
BUILTINS.set('html', () => html)
BUILTINS.set('svg', () => svg)
BUILTINS.set('md', () => md)
BUILTINS.set('Plot', () => undefined)
BUILTINS.set('vegaLite', () => vegaLite)
BUILTINS.set('plotly', () => plotly)

/** Of everything a cell may use without defining it, save what the language itself has. */
export function builtinNames(): string[] {
  const names: string[] = []
  BUILTINS.each((_, name) => names.push(name))
  return names
}
