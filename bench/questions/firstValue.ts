import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { denoBinary } from '@rivulet/server/src/kernel/typescript/deno.ts'
import { median, type Row, samplesOf } from '../support/figures.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import { BenchServer } from '../support/server.ts'

const ROUNDS = 10

/** The first run in a new notebook: from the warm spare, and without one. */
export async function firstValue(): Promise<Row[]> {
  const start = median(
    await samplesOf(ROUNDS, async () => {
      const child = spawn(denoBinary(), ['eval', '--no-config', '0'], { stdio: 'ignore' })
      await once(child, 'exit')
    }),
  )
  const floor = { what: 'starting and ending Deno', value: start }
  return [
    { what: 'first value from the warm spare', value: await firstRun('true'), unit: 'ms', floor, bar: '≤ 30 ms' },
    { what: 'first value in a cold kernel', value: await firstRun('false'), unit: 'ms', floor, bar: '≤ 250 ms' },
  ]
}

async function firstRun(KERNEL_WARM_SPARE: 'true' | 'false'): Promise<number> {
  const server = await BenchServer.start({ KERNEL_WARM_SPARE, KERNELS_PER_USER: '100' })
  try {
    const samples: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const notebook = await WatchedNotebook.open(server, ['const x = 1; x'])
      await spareIsUp(server, KERNEL_WARM_SPARE === 'true' ? round + 1 : 0)
      const from = performance.now()
      await notebook.run(0)
      if (round > 0) samples.push(performance.now() - from)
    }
    return median(samples)
  } finally {
    await server.stop()
  }
}

/** One spare, besides the kernels of the rounds before; then a moment for it to load what it preloads. */
async function spareIsUp(server: BenchServer, processes: number): Promise<void> {
  while (server.memory('kernels').length < processes) await pause(50)
  await pause(1_500)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
