import { availableParallelism, freemem } from 'node:os'
import { bareProcesses } from '../support/bareProcesses.ts'
import { median, quantile, type Row, samplesOf } from '../support/figures.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import type { BenchServer } from '../support/server.ts'

const WARM_UP = 300
const RUNS = 200
const MOST = 200
/** A kernel with its process; a quarter of the memory is left alone. */
const A_KERNEL = 80 * 1024 * 1024
const SHARE = 0.75
/** What has just started still compiles and collects: not what a run among many that run is about. */
const SETTLED_MS = 10_000
const TICKER = 'for (let n = 0; n < 100_000; n++) { console.log(n); await new Promise((go) => setTimeout(go, 100)) }'

const settled = () => new Promise((resolve) => setTimeout(resolve, SETTLED_MS))

/** What one person's runs take among as many notebooks as the machine can have kernels for, up to 200, each of which prints. */
export async function crowded(server: BenchServer): Promise<Row[]> {
  const mine = await WatchedNotebook.open(server, ['const x = 1'])
  const run = () => mine.run(0)
  await samplesOf(WARM_UP, run)
  const idle = await samplesOf(RUNS, run)
  const count = Math.min(MOST, Math.floor((freemem() * SHARE) / A_KERNEL))
  const end = await bareProcesses(count, TICKER)
  await settled()
  const bare = await samplesOf(RUNS, run)
  end()
  await samplesOf(RUNS, run)
  const before = server.memory('server')[0] ?? Number.NaN
  const others: WatchedNotebook[] = []
  for (let n = 0; n < count; n++) {
    const other = await WatchedNotebook.open(server, [TICKER])
    await other.start()
    others.push(other)
  }
  await settled()
  const samples = await samplesOf(RUNS, run)
  const grown = (server.memory('server')[0] ?? Number.NaN) - before
  await Promise.all(others.map((other) => other.interrupt()))
  const floor = (q: number) => ({ what: 'the same with nobody else', value: quantile(idle, q) })
  const cores = availableParallelism()
  return [
    {
      what: `a run among ${count} notebooks whose kernels print 10 lines a second each, on ${cores} cores, p50`,
      ...{ value: median(samples), unit: 'ms', floor: floor(0.5), bar: '≤ 2 ×' },
    },
    { what: '… p95', value: quantile(samples, 0.95), unit: 'ms', floor: floor(0.95) },
    ...[0.5, 0.95].map((q) => ({
      what: `the same p${q * 100}, beside that among bare processes`,
      ...{ value: quantile(samples, q), unit: 'ms' as const },
      floor: { what: `a run among ${count} processes of Deno that print as much, and nothing else`, value: quantile(bare, q) },
    })),
    {
      what: '… the server’s memory for a notebook that is open, runs and is watched',
      value: (grown * 1_024) / count,
      unit: 'kB',
    },
  ]
}
