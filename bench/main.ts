// `pnpm bench [question …]`: figures, each beside a floor that was measured in the same run. Prints Markdown; asserts nothing.
import { cpus, totalmem } from 'node:os'
import { editing } from './questions/editing.ts'
import { firstEvent } from './questions/firstEvent.ts'
import { firstValue } from './questions/firstValue.ts'
import { graphs } from './questions/graphs.ts'
import { memory } from './questions/memory.ts'
import { page } from './questions/page.ts'
import { roundTrip } from './questions/roundTrip.ts'
import { sql } from './questions/sql.ts'
import { printRows, type Row } from './support/figures.ts'
import { BenchServer } from './support/server.ts'

const QUESTIONS: Record<string, (server: BenchServer) => Promise<Row[]>> = {
  firstEvent,
  roundTrip,
  graphs,
  firstValue,
  editing,
  memory,
  page,
  sql,
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in QUESTIONS))
if (unknown) throw new Error(`There is no question ${unknown}; there are: ${Object.keys(QUESTIONS).join(', ')}`)

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${new Date().toISOString()}`,
)
for (const [name, answer] of Object.entries(QUESTIONS)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const server = await BenchServer.start()
  try {
    printRows(name, await answer(server))
  } finally {
    await server.stop()
  }
}
