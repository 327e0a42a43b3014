import { median, quantile, type Row, samplesOf } from '../support/figures.ts'
import { pipeEcho } from '../support/floors.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import type { BenchServer } from '../support/server.ts'

/** A server that was started just now is still being compiled by V8: what it takes at first has a row of its own. */
const FIRST = 100
const WARM_UP = 1_500
const RUNS = 1_000

/** From pressing Run on `x = 1` until its end is seen: HTTP, decision, commit, sandbox, commit, socket. */
export async function roundTrip(server: BenchServer): Promise<Row[]> {
  const notebook = await WatchedNotebook.open(server, ['const x = 1'])
  const noop = median(await samplesOf(WARM_UP, () => notebook.http.renameNotebook.mutate({ id: notebook.id, title: 'Bench' })))
  const echo = await pipeEcho()
  const first = await samplesOf(FIRST, () => notebook.run(0))
  await samplesOf(WARM_UP, () => notebook.run(0))
  const samples = await samplesOf(RUNS, () => notebook.run(0))
  const floor = {
    what: `a mutation that changes nothing (${noop.toFixed(2)}) + a kernel echo (${echo.toFixed(2)})`,
    value: noop + echo,
  }
  return [
    { what: 'run `const x = 1` until its end is seen, p50', value: median(samples), unit: 'ms', floor, bar: '≤ 2.5 ms, ≤ 3 ×' },
    { what: '… p99', value: quantile(samples, 0.99), unit: 'ms', floor, bar: '≤ 8 ms' },
    { what: `… p50 of the first ${FIRST} after the server's start`, value: median(first), unit: 'ms', floor },
  ]
}
