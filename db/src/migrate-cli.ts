import { join } from 'node:path'
import { openDatabase } from './client.ts'
import { lockFolder } from './lock.ts'
import { reported } from './report.ts'

/** `pnpm db:migrate`: the same migration as at start-up, without starting. */
reported(() => {
  const folder = process.argv[2] ?? './data'
  const path = join(folder, 'rivulet.db')
  const lock = lockFolder(folder)
  openDatabase(path).close()
  lock.release()
  console.log(`${path} is up to date.`)
})
