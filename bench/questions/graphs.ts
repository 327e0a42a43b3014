import { median, type Row, samplesOf } from '../support/figures.ts'
import { observableRuntime } from '../support/floors.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import type { BenchServer } from '../support/server.ts'

const SHAPES: { what: string; size: number; inputOf: (n: number) => number; bar: string; warmUp: number; rounds: number }[] = [
  { what: 'a chain of 100 cells', size: 100, inputOf: (n) => n - 1, bar: '≤ 15 ms', warmUp: 60, rounds: 40 },
  { what: 'a chain of 1,000 cells', size: 1_000, inputOf: (n) => n - 1, bar: '≤ 120 ms', warmUp: 5, rounds: 15 },
  { what: 'a chain of 5,000 cells', size: 5_000, inputOf: (n) => n - 1, bar: '', warmUp: 1, rounds: 3 },
  { what: 'a fan of 1 to 5,000 cells', size: 5_000, inputOf: () => 0, bar: '', warmUp: 1, rounds: 3 },
]

/** Times, of a server that was started just now. */
const FIRST = 10

/** The root runs again, everything follows; until the last end is seen, and how many messages that took. */
export async function graphs(server: BenchServer): Promise<Row[]> {
  const rows: Row[] = []
  for (const { what, size, inputOf, bar, warmUp, rounds } of SHAPES) {
    const sources = Array.from({ length: size }, (_, n) => (n === 0 ? 'const x0 = 1' : `const x${n} = x${inputOf(n)} + 1`))
    const notebook = await WatchedNotebook.open(server, sources)
    await notebook.runAll()
    // V8 compiles what is used often: a server that has worked for some seconds is measured, and one that has not beside it.
    const first = await samplesOf(Math.min(FIRST, warmUp), () => notebook.run(0))
    await samplesOf(warmUp - first.length, () => notebook.run(0))
    const samples = await samplesOf(rounds, () => notebook.run(0))
    const before = notebook.messages
    await notebook.run(0)
    const floor = { what: 'Observable’s runtime in one process, nothing saved', value: await observableRuntime(size, inputOf) }
    rows.push({ what: `run the root of ${what}`, value: median(samples), unit: 'ms', floor, bar })
    if (warmUp > FIRST)
      rows.push({ what: `… the first ${FIRST}, just after the server's start`, value: median(first), unit: 'ms', floor })
    rows.push({ what: '… messages', value: notebook.messages - before, unit: 'messages', bar: size === 1_000 ? '≤ 50' : '' })
  }
  return rows
}
