import type { Analysis } from '../../notebook/commands.ts'
import { memoise } from '../cache.ts'
import { positionsIn } from '../position.ts'
import { children } from './ast.ts'
import { readCell } from './cell.ts'

const NOTHING: Analysis = { defines: [], uses: [], assigns: [], empty: false }

/** What a TypeScript cell defines, uses and assigns to. Total; never runs the code. */
export const analyse = memoise((source: string): Analysis => {
  const cell = readCell(source)
  if (!cell.ok) return { ...NOTHING, syntaxError: cell.error }
  if (children(cell.program, 'body').length + children(cell.program, 'directives').length === 0)
    return { ...NOTHING, empty: true }
  const placeOf = positionsIn(source)
  const { declared, disposed, uses, assigns } = cell.names
  return {
    defines: declared.filter((name) => isExported(name) && !disposed.has(name)),
    uses: uses.filter(isExported),
    assigns: assigns.filter(({ name }) => isExported(name)).map(({ name, offset }) => ({ name, ...placeOf(offset) })),
    empty: false,
  }
})

/** Names with a leading underscore are private to their cell (G7). */
export function isExported(name: string): boolean {
  return !name.startsWith('_')
}
