// `pnpm bench [--write] [question …]`: figures, each beside a floor that was measured in the same run. Prints Markdown, and with
// `--write` puts it into docs/performance.md; asserts nothing.
import { beside } from './questions/beside.ts'
import { commits } from './questions/commits.ts'
import { crowded } from './questions/crowded.ts'
import { editing } from './questions/editing.ts'
import { fanout } from './questions/fanout.ts'
import { firstEvent } from './questions/firstEvent.ts'
import { firstValue } from './questions/firstValue.ts'
import { graphs } from './questions/graphs.ts'
import { jupyter } from './questions/jupyter.ts'
import { memory } from './questions/memory.ts'
import { page } from './questions/page.ts'
import { roundTrip } from './questions/roundTrip.ts'
import { sql } from './questions/sql.ts'
import { type Row, tableOf } from './support/figures.ts'
import { machine, writeBlock } from './support/report.ts'
import { BenchServer } from './support/server.ts'

const QUESTIONS: Record<string, (server: BenchServer) => Promise<Row[]>> = {
  firstEvent,
  roundTrip,
  graphs,
  firstValue,
  editing,
  fanout,
  beside,
  crowded,
  memory,
  commits,
  page,
  sql,
  jupyter,
}

const asked = process.argv.slice(2).filter((word) => word !== '--write')
const write = process.argv.includes('--write')
const unknown = asked.find((name) => !(name in QUESTIONS))
if (unknown) throw new Error(`There is no question ${unknown}; there are: ${Object.keys(QUESTIONS).join(', ')}`)

console.log(machine())
for (const [name, answer] of Object.entries(QUESTIONS)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const server = await BenchServer.start()
  try {
    const rows = await answer(server)
    console.log(`\n## ${name}\n\n${tableOf(rows)}`)
    if (write && rows.length > 0) writeBlock(name, [machine(), '', tableOf(rows)].join('\n'))
  } finally {
    await server.stop()
  }
}
