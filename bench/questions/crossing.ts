import { median, type Row, samplesOf, timed } from '../support/figures.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import type { BenchServer } from '../support/server.ts'

const RUNS = 3
const ROWS = 1_000_000

interface Given {
  /** A query of a million rows. */
  source: string
  /** What the engine takes for the same by itself, without a notebook around it. */
  out: number
  into: number
}

/** Rows on their whole way between a query and code of one notebook: two processes with walls, and the server between them. */
export async function crossing(server: BenchServer, { source, out, into }: Given): Promise<Row[]> {
  return [
    {
      ...{
        what: '1 M × 5 into TypeScript: a cell that reads the result, until its run has ended',
        value: await outwards(server, source),
      },
      ...{ unit: 'ms', floor: { what: 'the same out of the engine', value: out } },
    },
    {
      ...{
        what: '1 M objects of TypeScript as a table: a query that counts them, until its run has ended',
        value: await inwards(server),
      },
      ...{ unit: 'ms', floor: { what: 'the same into the engine', value: into } },
    },
  ]
}

async function outwards(server: BenchServer, source: string): Promise<number> {
  const notebook = await WatchedNotebook.open(server, [{ language: 'sql', source }, 'r.length'])
  const { http, id, cellIds } = notebook
  await http.setCell.mutate({ notebookId: id, cellId: cellIds[0] ?? '', resultName: 'r' })
  // Else the reader would run with the query.
  await http.setNotebook.mutate({ notebookId: id, mode: 'lazy' })
  const samples: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    await notebook.run(0)
    samples.push(await timed(() => notebook.run(1)))
  }
  await http.deleteNotebook.mutate({ id })
  return median(samples)
}

async function inwards(server: BenchServer): Promise<number> {
  const row =
    '{ i, x: i * 1.5, s: "some text number " + i, n: i % 3 ? "n" + i : null, t: new Date(1_577_836_800_000 + i * 1_000) }'
  const objects = `const objects = Array.from({ length: ${ROWS} }, (_, i) => (${row}))`
  const notebook = await WatchedNotebook.open(server, [objects, { language: 'sql', source: 'select count(*) from objects' }])
  await notebook.run(0)
  const samples = await samplesOf(RUNS, () => notebook.run(1))
  await notebook.http.deleteNotebook.mutate({ id: notebook.id })
  return median(samples)
}
