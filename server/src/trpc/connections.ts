import { authed, router } from './base.ts'
import * as inputs from './inputs.ts'
import { once } from './mutation.ts'
import { ProblemError, unwrap } from './problems.ts'

/** Databases outside that the caller's cells may ask. Connection strings come in here and never leave. */
export const connectionProcedures = router({
  listConnections: authed.query(({ ctx }) => ctx.services.connections.list(ctx.user.userId)),

  addConnection: authed.input(inputs.AddConnection).mutation(({ ctx, input: { opId, ...given }, path }) => {
    return once({ ctx, path, opId }, (operation) => unwrap(ctx.services.connections.add(ctx.user.userId, given, operation)))
  }),

  updateConnection: authed.input(inputs.UpdateConnection).mutation(({ ctx, input: { opId, id, ...patch }, path }) => {
    return once({ ctx, path, opId }, (operation) =>
      unwrap(ctx.services.connections.update(ctx.user.userId, id, patch, operation)),
    )
  }),

  removeConnection: authed.input(inputs.OneConnection).mutation(({ ctx, input: { opId, id }, path }) => {
    return once({ ctx, path, opId }, (operation) => unwrap(ctx.services.connections.remove(ctx.user.userId, id, operation)))
  }),

  /** A mutation, although it changes nothing: a query's input would stand in an address, and addresses are logged. */
  testConnection: authed.input(inputs.TestConnection).mutation(async ({ ctx, input }) => {
    const { connections, trials } = ctx.services
    const retryAfterMs = trials.take(ctx.user.userId)
    if (retryAfterMs > 0) throw new ProblemError({ kind: 'too-many-requests', what: 'rate', retryAfterMs })
    const tried = 'id' in input ? connections.test(ctx.user.userId, input.id) : connections.testUrl(input.url, input.readOnly)
    return unwrap(await tried)
  }),
})
