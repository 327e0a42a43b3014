// `pnpm bench:growing [--write] [minutes]`: one output that grows for an hour, with somebody watching it and somebody else running cells
// beside it. Prints a line a minute, and with `--write` puts every tenth into docs/performance.md.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { median, samplesOf } from './support/figures.ts'
import { WatchedNotebook } from './support/notebook.ts'
import { childrenOf } from './support/processes.ts'
import { machine, writeBlock } from './support/report.ts'
import { BenchServer } from './support/server.ts'

const MINUTE = 60_000
const RUNS = 50
const LINES_A_SECOND = 200
/** In steps of a tenth of a second; a line is 64 characters long. */
const PRINTER = `for (let n = 0; ; n++) {
  for (let line = 0; line < ${LINES_A_SECOND / 10}; line++) console.log(String(n * ${LINES_A_SECOND / 10} + line).padEnd(63, '.'))
  await new Promise((go) => setTimeout(go, 100))
}`
const HEAD = [
  '| minute | can be read | kept | server | its kernels | database and its log | somebody else’s run, p50 |',
  '| ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
]

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** In MB. */
function databaseMb(dataDir: string): number {
  const sizes = ['', '-wal'].map((end) => statSync(join(dataDir, `rivulet.db${end}`), { throwIfNoEntry: false })?.size ?? 0)
  return sum(sizes) / 2 ** 20
}

interface Kept {
  /** Lines so far, by the number of the last one that can be read; and all characters that can. */
  printed: number
  characters: number
}

async function kept({ http, id }: WatchedNotebook): Promise<Kept> {
  const [cell] = (await http.getNotebook.query({ id })).cells
  const texts = (cell?.outputs ?? []).map((output) => (output.kind === 'stream' ? output.text : ''))
  const last = /(\d+)\.*\s*$/.exec(texts.at(-1) ?? '')?.[1]
  return { printed: Number(last) + 1, characters: sum(texts.map((text) => text.length)) }
}

const minutes = Number(process.argv.slice(2).find((word) => word !== '--write') ?? 60)
const server = await BenchServer.start()
const lines: string[] = []
try {
  const other = await WatchedNotebook.open(server, ['1'])
  const growing = await WatchedNotebook.open(server, [PRINTER])
  const run = () => other.run(0)
  await samplesOf(RUNS, run)
  await growing.start()
  console.log([machine(), '', ...HEAD].join('\n'))
  for (let minute = 1; minute <= minutes; minute++) {
    await wait(MINUTE)
    const { printed, characters } = await kept(growing)
    const [serverMb = Number.NaN] = server.memory('server')
    const kernelsMb = sum(server.memory('kernels'))
    const count = childrenOf(server.pid).length
    const latency = median(await samplesOf(RUNS, run))
    const cells = [
      minute,
      `${printed} lines`,
      `${(characters / 2 ** 20).toFixed(2)} MB`,
      `${serverMb.toFixed(0)} MB`,
      `${kernelsMb.toFixed(0)} MB (${count})`,
      `${databaseMb(server.dataDir).toFixed(1)} MB`,
      `${latency.toFixed(2)} ms`,
    ]
    const line = `| ${cells.join(' | ')} |`
    console.log(line)
    if (minute === 1 || minute % 10 === 0) lines.push(line)
  }
  await growing.interrupt()
} finally {
  await server.stop()
}
if (process.argv.includes('--write')) writeBlock('growing', [machine(), '', ...HEAD, ...lines].join('\n'))
process.exit(0)
