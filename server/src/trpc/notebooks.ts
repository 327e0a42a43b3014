import { hostRefusal } from '../kernel/hosts.ts'
import { authed, router } from './base.ts'
import * as inputs from './inputs.ts'
import { type Call, command, once, openSession } from './mutation.ts'
import { ProblemError, unwrap } from './problems.ts'

/** The shelf, and what belongs to a notebook as a whole. */
export const notebookProcedures = router({
  whoami: authed.query(({ ctx: { user } }) => user),

  listNotebooks: authed
    .input(inputs.ListNotebooks)
    .query(({ ctx, input }) => ctx.services.library.list(ctx.user.userId, { deleted: input?.deleted ?? false })),

  getNotebook: authed.input(inputs.NotebookQuery).query(({ ctx, input }) => openSession(ctx, input.id).snapshot()),

  createNotebook: authed.input(inputs.CreateNotebook).mutation(({ ctx, input, path }) => {
    return once({ ctx, path, opId: input.opId }, (operation) =>
      unwrap(ctx.services.library.create(ctx.user.userId, input, operation)),
    )
  }),

  renameNotebook: authed.input(inputs.RenameNotebook).mutation(({ ctx, input, path }) => {
    const call: Call = { ctx, path, opId: input.opId }
    return command(
      call,
      input.id,
      () => ({ kind: 'rename', title: input.title }),
      () => ({}),
    )
  }),

  deleteNotebook: authed.input(inputs.NotebookInput).mutation(({ ctx, input, path }) => {
    return once({ ctx, path, opId: input.opId }, (operation) =>
      unwrap(ctx.services.library.remove(ctx.user.userId, input.id, operation)),
    )
  }),

  restoreNotebook: authed.input(inputs.NotebookInput).mutation(({ ctx, input, path }) => {
    return once({ ctx, path, opId: input.opId }, (operation) =>
      unwrap(ctx.services.library.restore(ctx.user.userId, input.id, operation)),
    )
  }),

  duplicateNotebook: authed.input(inputs.DuplicateNotebook).mutation(({ ctx, input, path }) => {
    const { library } = ctx.services
    return once({ ctx, path, opId: input.opId }, (operation) =>
      unwrap(library.duplicate(ctx.user.userId, input.id, input.title, operation)),
    )
  }),

  setNotebook: authed.input(inputs.SetNotebook).mutation(({ ctx, input: { notebookId, opId, ...patch }, path }) => {
    const refused = patch.network?.map((host) => hostRefusal(ctx.services.hosts, host)).find(Boolean)
    if (refused) throw new ProblemError({ kind: 'invalid-input', issues: [{ path: 'network', message: refused }] })
    return command(
      { ctx, path, opId },
      notebookId,
      () => ({ kind: 'set-notebook', ...patch }),
      () => ({}),
    )
  }),
})
