import type { Download } from '../session/downloads.ts'
import { authed, router } from './base.ts'
import { fromKernel } from './fromKernel.ts'
import * as inputs from './inputs.ts'
import { openSession } from './mutation.ts'
import { ProblemError, unwrap } from './problems.ts'
import { checkColumn, columnsShown } from './shownTables.ts'

const FILE_TYPES = { csv: 'text/csv; charset=utf-8', parquet: 'application/vnd.apache.parquet' } as const

/** Nothing that a file system would take for a folder, or for more than a name. */
function fileName(name: string, format: keyof typeof FILE_TYPES): string {
  return `${name.replaceAll(/[\p{C}/\\:*?"<>|]/gu, '_')}.${format}`
}

export const downloadProcedures = router({
  /** A mutation, although it changes nothing in the notebook: the file is being made from now on, and is there to be fetched once. */
  downloadRows: authed.input(inputs.DownloadRows).mutation(async ({ ctx, input }) => {
    const { notebookId, opId, handle, name, ...query } = input
    const session = openSession(ctx, notebookId)
    const columns = columnsShown(session.state.cells.values(), handle)
    checkColumn(columns, query.sort)
    const make = async (): Promise<Download | undefined> => {
      const file = await session.kernel.save(handle, query, columns ?? [])
      return file && { file, name: fileName(name, query.format), type: FILE_TYPES[query.format] }
    }
    const ticket = unwrap(await fromKernel(ctx.services.downloads.begin({ userId: ctx.user.userId, opId }, make)))
    if (ticket === undefined) throw new ProblemError({ kind: 'not-found', what: 'output', id: handle })
    return { url: `/api/download?ticket=${ticket}` }
  }),
})
