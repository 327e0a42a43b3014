import { join } from 'node:path'
import { openDatabase } from './client.ts'

/** `pnpm db:migrate`: the same migration as at start-up, without starting. */
const path = join(process.argv[2] ?? './data', 'rivulet.db')
openDatabase(path).close()
console.log(`${path} is up to date.`)
