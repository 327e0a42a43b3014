import { authed, router } from './base.ts'
import * as inputs from './inputs.ts'
import { command, openSession } from './mutation.ts'

/** Files of a notebook. They come by `POST /api/notebooks/<id>/files`: a stream has no place in a procedure. */
export const fileProcedures = router({
  listFiles: authed.input(inputs.InNotebookQuery).query(({ ctx, input }) => {
    const { files } = openSession(ctx, input.notebookId).state
    return { files, ...ctx.services.fileLimits(ctx.user.userId) }
  }),

  removeFile: authed.input(inputs.InFile).mutation(({ ctx, input: { notebookId, opId, fileId }, path }) => {
    const removed = command(
      { ctx, path, opId },
      notebookId,
      () => ({ kind: 'remove-file', fileId }),
      () => ({}),
    )
    ctx.services.sweepFiles()
    return removed
  }),
})
