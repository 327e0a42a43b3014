import { z } from 'zod'
import type { Cell } from '../notebook/model.ts'
import { ProblemError } from './problems.ts'

const Shown = z.object({ handle: z.string(), columns: z.array(z.object({ name: z.string() })) })

/** What the columns of a table are called that is shown somewhere; undefined when none with this handle is. */
export function columnsShown(cells: Iterable<Cell>, handle: string): string[] | undefined {
  for (const { outputs } of cells)
    for (const output of outputs) {
      const table = Shown.safeParse(output.kind === 'stream' ? undefined : output.data['application/vnd.table+json'])
      if (table.success && table.data.handle === handle) return table.data.columns.map(({ name }) => name)
    }
  return undefined
}

/** A kernel that does not know the column would give the rows in any order: who asks has made a mistake. */
export function checkColumn(columns: readonly string[] | undefined, sort: { column: string } | undefined): void {
  if (!sort || !columns || columns.includes(sort.column)) return
  throw new ProblemError({
    kind: 'invalid-input',
    issues: [{ path: 'sort.column', message: `there is no column “${sort.column}”` }],
  })
}
