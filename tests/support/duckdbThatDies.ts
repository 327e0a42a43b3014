// Run by a test: starts an idle engine and a busy one, prints their process ids and their folder, and waits to be killed.
import { TestDuckDb } from './duckdb.ts'

const tempRoot = process.argv[2] ?? ''
const idle = new TestDuckDb({ tempRoot })
await idle.run('select 1')
const busy = new TestDuckDb({ tempRoot })
await busy.run('select 1')
// Nothing stops this one but the end of its process.
busy
  .run("select sum(levenshtein(repeat('abc', 300000) || i, repeat('bca', 300000))) from range(10) t(i)", { cell: 'busy' })
  .catch((error: unknown) => console.error(error))
const before = busy.cpuTicks()
while (busy.cpuTicks() < before + 20) await new Promise((resolve) => setTimeout(resolve, 20))
console.log(JSON.stringify([...idle.pids(), ...busy.pids()]))
setInterval(() => undefined, 1_000)
