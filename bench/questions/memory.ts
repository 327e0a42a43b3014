import type { Row } from '../support/figures.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import { BenchServer } from '../support/server.ts'

/** Two halves of so many runs each. */
const RUNS = 6_000
const LOOK_EVERY = 250

/**
 * Resident memory: idle, and whether runs leave anything behind. V8 collects old objects rarely, so the highest of many
 * looks is compared: what a leak leaves makes every peak higher than the one before. Linux only.
 */
export async function memory(): Promise<Row[]> {
  if (process.platform !== 'linux') return []
  const server = await BenchServer.start({ KERNEL_WARM_SPARE: 'false' })
  try {
    const idle = sum(server.memory('server'))
    const notebook = await WatchedNotebook.open(server, ['const x = Array.from({ length: 1000 }, (_, n) => n); x'])
    await notebook.run(0)
    const kernel = sum(server.memory('kernels'))
    const [early, late] = [await peaks(server, notebook), await peaks(server, notebook)]
    return [
      { what: 'the idle server', value: idle, unit: 'MB', bar: '≤ 130 MB' },
      { what: 'one idle kernel', value: kernel, unit: 'MB', bar: '≤ 90 MB' },
      grown('the server', late.server, early.server),
      grown('the kernel', late.kernel, early.kernel),
    ]
  } finally {
    await server.stop()
  }
}

/** The most that server and kernel had while the notebook's cell ran {@link RUNS} times, in MB. */
async function peaks(server: BenchServer, notebook: WatchedNotebook): Promise<{ server: number; kernel: number }> {
  const peak = { server: 0, kernel: 0 }
  for (let run = 1; run <= RUNS; run++) {
    await notebook.run(0)
    if (run % LOOK_EVERY > 0) continue
    peak.server = Math.max(peak.server, sum(server.memory('server')))
    peak.kernel = Math.max(peak.kernel, sum(server.memory('kernels')))
  }
  return peak
}

function grown(who: string, value: number, before: number): Row {
  return {
    what: `${who} at its highest, runs 6,001 to 12,000`,
    value,
    unit: 'MB',
    floor: { what: 'runs 1 to 6,000', value: before },
    bar: 'no growth',
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
