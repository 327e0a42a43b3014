import type { Row } from '../support/figures.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import { BenchServer } from '../support/server.ts'

const RUNS = 1_000

/** Resident memory: idle, and whether a thousand runs leave anything behind. Linux only. */
export async function memory(): Promise<Row[]> {
  if (process.platform !== 'linux') return []
  const server = await BenchServer.start({ KERNEL_WARM_SPARE: 'false' })
  try {
    const idle = sum(server.memory('server'))
    const notebook = await WatchedNotebook.open(server, ['const x = Array.from({ length: 1000 }, (_, n) => n); x'])
    await notebook.run(0)
    const kernel = sum(server.memory('kernels'))
    for (let run = 0; run < RUNS; run++) await notebook.run(0)
    const [serverAfterOnce, kernelAfterOnce] = [sum(server.memory('server')), sum(server.memory('kernels'))]
    for (let run = 0; run < RUNS; run++) await notebook.run(0)
    return [
      { what: 'the idle server', value: idle, unit: 'MB', bar: '≤ 130 MB' },
      { what: 'one idle kernel', value: kernel, unit: 'MB', bar: '≤ 90 MB' },
      grown('the server', sum(server.memory('server')), serverAfterOnce),
      grown('the kernel', sum(server.memory('kernels')), kernelAfterOnce),
    ]
  } finally {
    await server.stop()
  }
}

function grown(who: string, value: number, before: number): Row {
  return {
    what: `${who} after 2,000 runs`,
    value,
    unit: 'MB',
    floor: { what: 'after the first 1,000', value: before },
    bar: 'no growth',
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
