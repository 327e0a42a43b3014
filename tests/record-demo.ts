// `pnpm demo:record`: makes server/src/demo/demo.json anew, after a change of the demo's cells or of what they show.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { recordDemo } from './support/recordDemo.ts'

const path = fileURLToPath(new URL('../server/src/demo/demo.json', import.meta.url))
const recorded = await recordDemo()
writeFileSync(path, `${JSON.stringify(recorded, null, 1)}\n`)
console.log(`${path}: ${recorded.length} cells, ${recorded.map((cell) => cell.result.kind).join(', ')}`)
