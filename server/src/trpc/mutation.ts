import type { Command } from '../notebook/commands.ts'
import type { Answer } from '../notebook/decide.ts'
import type { Session } from '../session/session.ts'
import type { Operation } from '../session/store.ts'
import { type AuthedContext, actorOf } from './context.ts'
import { ProblemError, unwrap } from './problems.ts'
import { stored } from './storage.ts'

/** A mutation under way: who, which procedure, under which operation. */
export interface Call {
  ctx: AuthedContext
  path: string
  opId: string | undefined
}

/**
 * The stored answer when this operation was done before, else what `work` answers.
 * Synchronous up to the answer, so two calls with the same `opId` cannot both miss; the answer is stored with the effect.
 */
export function once<R>({ ctx, path, opId }: Call, work: (operation: Operation | undefined) => R): R {
  if (opId === undefined) return work(undefined)
  const done = ctx.services.library.answered(ctx.user.userId, opId)
  if (!done) return work({ userId: ctx.user.userId, opId, procedure: path })
  if (done.procedure !== path) {
    throw new ProblemError({ kind: 'invalid-input', issues: [{ path: 'opId', message: `already used for ${done.procedure}` }] })
  }
  // The row was written by this very procedure: its shape is R.
  return done.result as R
}

export function openSession(ctx: AuthedContext, notebookId: string): Session {
  return unwrap(stored(() => ctx.services.library.open(ctx.user.userId, notebookId)))
}

/** Decides one command in the caller's notebook and answers with what `answer` makes of it and the new `rev`. */
export function command<R extends object>(
  call: Call,
  notebookId: string,
  make: (session: Session) => Command,
  answer: (answer: Answer) => R,
): R & { rev: number } {
  return once(call, (operation) => {
    const session = openSession(call.ctx, notebookId)
    const request = { by: actorOf(call.ctx), answer: (decided: Answer, rev: number) => ({ ...answer(decided), rev }) }
    return unwrap(session.dispatch(make(session), { ...request, ...(operation && { operation }) }))
  })
}
