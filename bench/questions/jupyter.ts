import { median, quantile, type Row, samplesOf } from '../support/figures.ts'
import { HOW_TO_GET_JUPYTER, Jupyter, type JupyterKernel, jupyterVersion } from '../support/jupyter.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import { BenchServer } from '../support/server.ts'

const WARM_UP = 200
const RUNS = 300
const KERNELS = 5
const PRINTED_MB = 100
const LOOK_EVERY_MS = 20

/** What both did, in the rows' unit. */
interface Both {
  ours: number
  theirs: number
}

/** The same work by Jupyter Server with its Python kernel, from the same client, in the same run. Linux only, for the memory. */
export async function jupyter(server: BenchServer): Promise<Row[]> {
  const version = jupyterVersion()
  if (!version || process.platform !== 'linux') {
    console.log(`\nThe question \`jupyter\` is left out. ${HOW_TO_GET_JUPYTER}`)
    return []
  }
  const rival = await Jupyter.start()
  try {
    const row = (what: string, unit: Row['unit'], { ours, theirs }: Both): Row => {
      return { what, value: ours, unit, floor: { what: version, value: theirs }, bar: '< 1 ×' }
    }
    const memory = await idleMemory(rival)
    const first = await firstValue(server, rival)
    const runs = await roundTrips(server, rival)
    const printed = await printing(server, rival)
    return [
      row('run of one assignment until its end is seen, p50', 'ms', both(runs, median)),
      row(
        '… p99',
        'ms',
        both(runs, (samples) => quantile(samples, 0.99)),
      ),
      row('first value in a new notebook', 'ms', both(first, median)),
      row('an endless loop is stopped', 'ms', both(await interrupts(server, rival), median)),
      row(`${PRINTED_MB} MB printed, until the run has ended`, 'ms', printed.time),
      row('… by how much the server has grown', 'MB', printed.grown),
      { ...row('the idle server', 'MB', memory.server), bar: '' },
      row('one idle kernel', 'MB', memory.kernel),
    ]
  } finally {
    await rival.stop()
  }
}

interface Samples {
  ours: number[]
  theirs: number[]
}

const both = ({ ours, theirs }: Samples, of: (samples: readonly number[]) => number): Both => ({
  ours: of(ours),
  theirs: of(theirs),
})

async function roundTrips(server: BenchServer, rival: Jupyter): Promise<Samples> {
  const notebook = await WatchedNotebook.open(server, ['const x = 1'])
  const kernel = await rival.kernel()
  await samplesOf(WARM_UP, () => notebook.run(0))
  await samplesOf(WARM_UP, () => kernel.run('x = 1'))
  const ours = await samplesOf(RUNS, () => notebook.run(0))
  const theirs = await samplesOf(RUNS, () => kernel.run('x = 1'))
  await kernel.end()
  return { ours, theirs }
}

async function firstValue(server: BenchServer, rival: Jupyter): Promise<Samples> {
  const ours = await samplesOf(KERNELS, async () => {
    const notebook = await WatchedNotebook.open(server, ['const x = 1; x'])
    await notebook.run(0)
    await notebook.http.restartKernel.mutate({ notebookId: notebook.id })
  })
  const theirs = await samplesOf(KERNELS, async () => {
    const kernel = await rival.kernel()
    await kernel.run('x = 1; x')
    await kernel.end()
  })
  return { ours, theirs }
}

async function interrupts(server: BenchServer, rival: Jupyter): Promise<Samples> {
  const notebook = await WatchedNotebook.open(server, ['while (true) {}'])
  const kernel = await rival.kernel()
  const samples: Samples = { ours: [], theirs: [] }
  for (let round = 0; round < KERNELS; round++) {
    const ended = notebook.run(0)
    await pause(200)
    samples.ours.push(await timeOf(() => notebook.http.interrupt.mutate({ notebookId: notebook.id }), ended))
    samples.theirs.push(await interruptTheirs(kernel))
  }
  await kernel.end()
  return samples
}

async function interruptTheirs(kernel: JupyterKernel): Promise<number> {
  const ended = kernel.run('while True: pass')
  await pause(200)
  return timeOf(kernel.interrupt, ended)
}

async function timeOf(ask: () => Promise<unknown>, ended: Promise<void>): Promise<number> {
  const from = performance.now()
  await Promise.all([ask(), ended])
  return performance.now() - from
}

async function printing(server: BenchServer, rival: Jupyter): Promise<{ time: Both; grown: Both }> {
  const line = `${'x'.repeat(1023)}`
  const lines = PRINTED_MB * 1024
  const notebook = await WatchedNotebook.open(server, [`for (let n = 0; n < ${lines}; n++) console.log('${line}')`])
  const kernel = await rival.kernel()
  await kernel.run('1')
  const ours = await grownBy(server, () => notebook.run(0))
  const theirs = await grownBy(rival, () => kernel.run(`for n in range(${lines}): print('${line}')`))
  await kernel.end()
  return { time: { ours: ours.ms, theirs: theirs.ms }, grown: { ours: ours.mb, theirs: theirs.mb } }
}

/** How long it takes, and by how much the process outgrows what it had before. */
async function grownBy(process: BenchServer | Jupyter, work: () => Promise<void>): Promise<{ ms: number; mb: number }> {
  const now = () => process.memory('server')[0] ?? Number.NaN
  const before = now()
  let highest = before
  const watch = setInterval(() => {
    highest = Math.max(highest, now())
  }, LOOK_EVERY_MS)
  const from = performance.now()
  await work()
  const ms = performance.now() - from
  clearInterval(watch)
  return { ms, mb: Math.max(highest, now()) - before }
}

async function idleMemory(rival: Jupyter): Promise<{ server: Both; kernel: Both }> {
  const fresh = await BenchServer.start({ KERNEL_WARM_SPARE: 'false' })
  try {
    const server = { ours: fresh.memory('server')[0] ?? Number.NaN, theirs: rival.memory('server')[0] ?? Number.NaN }
    const notebook = await WatchedNotebook.open(fresh, ['const x = 1; x'])
    const kernel = await rival.kernel()
    await notebook.run(0)
    await kernel.run('x = 1; x')
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    const kernels = { ours: sum(fresh.memory('kernels')), theirs: sum(rival.memory('kernels')) }
    await kernel.end()
    return { server, kernel: kernels }
  } finally {
    await fresh.stop()
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
