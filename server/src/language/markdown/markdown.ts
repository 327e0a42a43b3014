import type { Analysis } from '../../notebook/commands.ts'
import { memoise } from '../cache.ts'
import type { Compiled } from '../compiled.ts'
import { positionsIn } from '../position.ts'
import { isExported } from '../typescript/analyse.ts'
import { type Expression, readExpression } from '../typescript/expression.ts'
import { RUNTIME } from '../typescript/instrument.ts'
import { toJavaScript } from '../typescript/transform.ts'
import { type Hole, splitHoles } from './holes.ts'

/** What a Markdown cell is made of. */
type Part = { text: string } | { hole: Hole; read: Expression }

/** More are shown as errors: each is a function to be compiled. */
const MAX_HOLES = 1_000

function partsOf(source: string): Part[] {
  let holes = 0
  return splitHoles(source).map((piece) => {
    if (piece.kind === 'text') return { text: piece.text }
    holes += 1
    const tooMany = { ok: false, message: `A Markdown cell can have ${MAX_HOLES.toLocaleString('en')} holes`, offset: 0 } as const
    return { hole: piece, read: holes > MAX_HOLES ? tooMany : readExpression(piece.expression) }
  })
}

/** Markdown uses names through `${…}` and defines nothing (X2). A broken hole is shown in place, never a syntax error. */
export const analyse = memoise((source: string): Analysis => {
  const placeOf = positionsIn(source)
  const uses = new Set<string>()
  const assigns: Analysis['assigns'] = []
  for (const part of partsOf(source)) {
    if ('text' in part || !part.read.ok) continue
    for (const name of part.read.names.uses) if (isExported(name)) uses.add(name)
    for (const { name, offset } of part.read.names.assigns)
      if (isExported(name)) assigns.push({ name, ...placeOf(part.hole.offset + offset) })
  }
  return { defines: [], uses: [...uses], assigns, empty: source.trim() === '', tolerant: true }
})

const READS = `${RUNTIME}Reads`

/** Every hole is a function of its own, so that one that fails leaves the others alone. */
export const compile = memoise((source: string): Compiled => {
  const uses = new Set<string>()
  const reads: string[] = []
  let all = false
  const pieces = partsOf(source).map((part) => {
    if ('text' in part) return JSON.stringify(part.text)
    const { hole, read } = part
    const shown = JSON.stringify(hole.expression.trim())
    if (!read.ok) return `{source:${shown},error:${JSON.stringify(read.message)}}`
    for (const name of read.names.uses) uses.add(name)
    all ||= read.all
    reads.push(`async()=>${read.code}`)
    return `{source:${shown},uses:${JSON.stringify(read.names.uses)},read:${READS}[${reads.length - 1}]}`
  })
  const script = toJavaScript(`const ${READS}=[\n${reads.join(',\n')}\n];`, { all, sourcemap: false })
  if (!script.ok) return { ok: false, error: { message: script.error.message, line: 1, column: 1 } }
  const body = `${script.text}\n;${RUNTIME}.value=await ${RUNTIME}.markdown([\n${pieces.join(',\n')}\n]);`
  return { ok: true, body, uses: [...uses], positionOf: () => undefined }
})
