import { z } from 'zod'
import type { Cell } from '../notebook/model.ts'
import type { Download } from '../session/downloads.ts'
import { authed, router } from './base.ts'
import { fromKernel } from './fromKernel.ts'
import * as inputs from './inputs.ts'
import { openSession } from './mutation.ts'
import { ProblemError, unwrap } from './problems.ts'

const FILE_TYPES = { csv: 'text/csv; charset=utf-8', parquet: 'application/vnd.apache.parquet' } as const

/** Nothing that a file system would take for a folder, or for more than a name. */
function fileName(name: string, format: keyof typeof FILE_TYPES): string {
  return `${name.replaceAll(/[\p{C}/\\:*?"<>|]/gu, '_')}.${format}`
}

/** What the columns of a table are called that is shown somewhere; the kernel itself sends rows without them. */
function columnsOf(cells: Iterable<Cell>, handle: string): string[] {
  for (const { outputs } of cells)
    for (const output of outputs) {
      const table = Shown.safeParse(output.kind === 'stream' ? undefined : output.data['application/vnd.table+json'])
      if (table.success && table.data.handle === handle) return table.data.columns.map(({ name }) => name)
    }
  return []
}

const Shown = z.object({ handle: z.string(), columns: z.array(z.object({ name: z.string() })) })

export const downloadProcedures = router({
  /** A mutation, although it changes nothing in the notebook: the file is being made from now on, and is there to be fetched once. */
  downloadRows: authed.input(inputs.DownloadRows).mutation(async ({ ctx, input }) => {
    const { notebookId, opId, handle, name, ...query } = input
    const session = openSession(ctx, notebookId)
    const make = async (): Promise<Download | undefined> => {
      const file = await session.kernel.save(handle, query, columnsOf(session.state.cells.values(), handle))
      return file && { file, name: fileName(name, query.format), type: FILE_TYPES[query.format] }
    }
    const ticket = unwrap(await fromKernel(ctx.services.downloads.begin({ userId: ctx.user.userId, opId }, make)))
    if (ticket === undefined) throw new ProblemError({ kind: 'not-found', what: 'output', id: handle })
    return { url: `/api/download?ticket=${ticket}` }
  }),
})
