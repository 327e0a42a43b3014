import { resolve } from 'node:path'
import { reported } from './report.ts'
import { restore } from './restore.ts'

/** `pnpm db:restore <file>`: only while no server runs. */
const [dataDir = './data', file] = process.argv.slice(2)

reported(() => {
  if (file === undefined) throw new Error('Which file? pnpm db:restore <file>')
  const { replaced, keys } = restore(dataDir, resolve(file))
  console.log(`${dataDir} is as it was in ${resolve(file)}.`)
  if (replaced) console.log(`What was there before is in ${replaced}.`)
  if (keys.length === 0)
    console.log('The backup held no keys: sessions and connections to databases need the ones that were in use when it was made.')
})
