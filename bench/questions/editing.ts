import { median, type Row, samplesOf } from '../support/figures.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import type { BenchServer } from '../support/server.ts'

const EDITS = 100

/** What an edit costs in a large notebook: it should depend on the cell, not on the notebook. */
export async function editing(server: BenchServer): Promise<Row[]> {
  const small = await editIn(server, 10)
  const large = await editIn(server, 2_000)
  return [
    {
      what: 'an edit in a notebook of 10 cells',
      value: small.edit,
      unit: 'ms',
      floor: { what: 'a mutation that changes nothing', value: small.noop },
    },
    {
      what: 'an edit in a notebook of 2,000 cells',
      value: large.edit,
      unit: 'ms',
      floor: { what: 'the same with 10 cells', value: small.edit },
      bar: '≤ 2 ×',
    },
  ]
}

async function editIn(server: BenchServer, cells: number): Promise<{ edit: number; noop: number }> {
  const sources = Array.from({ length: cells }, (_, n) => `const x${n} = ${n % 10 === 0 ? 1 : `x${n - 1}`} + ${n}`)
  const { http, id, cellIds } = await WatchedNotebook.open(server, sources)
  const noop = await samplesOf(EDITS, () => http.renameNotebook.mutate({ id, title: 'Bench' }))
  let version = 1
  const cellId = cellIds[5] ?? ''
  const edit = await samplesOf(EDITS, async (round) => {
    const source = `const x5 = x4 + ${round + 100}`
    version = (await http.editCell.mutate({ notebookId: id, cellId, baseVersion: version, source })).version
  })
  return { edit: median(edit), noop: median(noop) }
}
