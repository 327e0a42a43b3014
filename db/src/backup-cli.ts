import { join, resolve } from 'node:path'
import { backUp } from './backup.ts'
import { reported } from './report.ts'

/** `pnpm db:backup [file] [--without-keys] [--without-files]`: safe while the server runs. */
const [dataDir = './data', ...rest] = process.argv.slice(2)
const WITHOUT_KEYS = '--without-keys'
const WITHOUT_FILES = '--without-files'
const now = new Date().toISOString().replace(/[:.]/g, '-')
const target = resolve(rest.find((text) => !text.startsWith('--')) ?? join(dataDir, 'backups', `rivulet-${now}.db`))

reported(() => {
  const unknown = rest.find((text) => text.startsWith('--') && text !== WITHOUT_KEYS && text !== WITHOUT_FILES)
  if (unknown) throw new Error(`There is no option ${unknown}; there are ${WITHOUT_KEYS} and ${WITHOUT_FILES}.`)
  const keys = !rest.includes(WITHOUT_KEYS)
  backUp({ dataDir, target, keys, files: !rest.includes(WITHOUT_FILES) })
  console.log(`${target} is complete and was checked. Bring it back with: pnpm db:restore ${target}`)
  if (keys) console.log('It holds the keys of the data folder: keep it as safe as that.')
})
