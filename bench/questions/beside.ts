import { bareProcesses } from '../support/bareProcesses.ts'
import { median, quantile, type Row, samplesOf } from '../support/figures.ts'

import { WatchedNotebook } from '../support/notebook.ts'
import type { BenchServer } from '../support/server.ts'

const WARM_UP = 300
const RUNS = 200
const GIGABYTE = 1024 * 1024
const BUSY_NOTEBOOKS = 20

const PRINTER = `const line = 'x'.repeat(1023)\nfor (let n = 0; n < ${GIGABYTE}; n++) console.log(line)`
const TICKER = 'for (let n = 0; n < 100_000; n++) { console.log(n); await new Promise((go) => setTimeout(go, 5)) }'

/** What one person's runs take while others keep the server busy, and what that costs it. */
export async function beside(server: BenchServer): Promise<Row[]> {
  const mine = await WatchedNotebook.open(server, ['const x = 1'])
  const run = () => mine.run(0)
  await samplesOf(WARM_UP, run)
  const idle = await samplesOf(RUNS, run)
  const floor = (q: number) => ({ what: 'the same with nobody else', value: quantile(idle, q) })
  const printing = await besidePrinter(server, run)
  const end = await bareProcesses(BUSY_NOTEBOOKS, TICKER)
  const bare = await samplesOf(RUNS, run)
  end()
  const ticking = await besideTickers(server, run)
  return [
    { what: 'a run while another notebook prints 1 GB, p50', value: median(printing.samples), unit: 'ms', floor: floor(0.5) },
    { what: '… p95', value: quantile(printing.samples, 0.95), unit: 'ms', floor: floor(0.95), bar: '≤ 20 ms later' },
    { what: '… by how much the server has grown meanwhile', value: printing.grown, unit: 'MB', bar: '≤ 30 MB' },
    { what: '… until the gigabyte is printed', value: printing.ms, unit: 'ms' },
    {
      what: `a run while ${BUSY_NOTEBOOKS} others’ notebooks print 200 lines a second each, p50`,
      ...{ value: median(ticking), unit: 'ms', floor: floor(0.5), bar: '≤ 2 ×' },
    },
    { what: '… p95', value: quantile(ticking, 0.95), unit: 'ms', floor: floor(0.95) },
    {
      what: 'the same p50, beside that among bare processes',
      ...{ value: median(ticking), unit: 'ms' },
      floor: { what: `a run while ${BUSY_NOTEBOOKS} processes of Deno print as much, and nothing else`, value: median(bare) },
    },
  ]
}

async function besidePrinter(server: BenchServer, run: () => Promise<void>) {
  const printer = await WatchedNotebook.open(server, [PRINTER])
  const now = () => (process.platform === 'linux' ? (server.memory('server')[0] ?? Number.NaN) : Number.NaN)
  const before = now()
  let highest = before
  let printed = false
  const from = performance.now()
  const done = printer.run(0).then(() => {
    printed = true
    return performance.now() - from
  })
  const samples: number[] = []
  while (!printed) {
    samples.push(...(await samplesOf(10, run)))
    highest = Math.max(highest, now())
  }
  return { samples, grown: highest - before, ms: await done }
}

/** Each is somebody else's, with a kernel and a subscription of its own. */
async function besideTickers(server: BenchServer, run: () => Promise<void>): Promise<number[]> {
  const tickers: WatchedNotebook[] = []
  for (let n = 0; n < BUSY_NOTEBOOKS; n++) {
    const ticker = await WatchedNotebook.open(server, [TICKER])
    await ticker.start()
    tickers.push(ticker)
  }
  const samples = await samplesOf(RUNS, run)
  await Promise.all(tickers.map((ticker) => ticker.interrupt()))
  return samples
}
