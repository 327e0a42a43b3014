import type { Analysis } from '../../notebook/commands.ts'
import { memoise } from '../cache.ts'
import { positionAt } from '../position.ts'
import { namesOf } from './names.ts'
import { parse } from './parse.ts'

const NOTHING: Analysis = { defines: [], uses: [], assigns: [], empty: false }

/** What a TypeScript cell defines, uses and assigns to. Total; never runs the code. */
export const analyse = memoise(2_000, (source: string): Analysis => {
  const parsed = parse(source)
  if (!parsed.ok) return { ...NOTHING, syntaxError: parsed.error }
  if ((parsed.program.body as unknown[]).length === 0) return { ...NOTHING, empty: true }
  const names = namesOf(parsed.program)
  return {
    defines: names.declared.filter((name) => isExported(name) && !names.disposed.has(name)),
    uses: names.uses.filter(isExported),
    assigns: names.assigns
      .filter(({ name }) => isExported(name))
      .map(({ name, offset }) => ({ name, ...positionAt(source, offset) })),
    empty: false,
  }
})

/** Names with a leading underscore are private to their cell (G7). */
export function isExported(name: string): boolean {
  return !name.startsWith('_')
}
