import { randomUUID } from 'node:crypto'
import { tracked } from '@trpc/server'
import { follow, parsePosition } from '../session/follow.ts'
import { authed, router } from './base.ts'
import type { Context } from './context.ts'
import * as inputs from './inputs.ts'
import { openSession } from './mutation.ts'
import { ProblemError } from './problems.ts'

/** Summaries that change in a burst are sent once. */
const LIST_PAUSE_MS = 50

/** Takes one of the connection's subscriptions; call what is returned to give it back. */
function takeSlot({ slots }: Context): () => void {
  if (!slots) return () => undefined
  if (slots.free <= 0) throw new ProblemError({ kind: 'too-many-requests', what: 'subscriptions', retryAfterMs: 10_000 })
  slots.free -= 1
  return () => {
    slots.free += 1
  }
}

export const liveProcedures = router({
  /** Authorises, provisions, and only then yields; from `lastEventId` on when that is possible. */
  notebook: authed.input(inputs.FollowNotebook).subscription(async function* ({ ctx, input, signal = NEVER }) {
    const session = openSession(ctx, input.id)
    const giveBack = takeSlot(ctx)
    const { release, ended } = ctx.services.library.hold(session)
    const leave = session.join({ clientId: input.clientId ?? randomUUID(), userId: ctx.user.userId, name: ctx.user.name })
    try {
      const events = follow(session, parsePosition(input.lastEventId), ctx.reader, AbortSignal.any([signal, ended]))
      for await (const [position, event] of events) yield tracked(position, event)
    } finally {
      leave()
      release()
      giveBack()
    }
    if (!signal.aborted && ended.reason === 'deleted')
      throw new ProblemError({ kind: 'not-found', what: 'notebook', id: input.id })
  }),

  /** The caller's summaries: all of them at first, and again whenever one changes. */
  notebookList: authed.input(inputs.FollowList).subscription(async function* ({ ctx, signal = NEVER }) {
    const { library } = ctx.services
    const giveBack = takeSlot(ctx)
    try {
      while (!signal.aborted) {
        const summaries = library.list(ctx.user.userId)
        const changes = library.listChanges(ctx.user.userId)
        const { version } = changes
        yield tracked(`list:${version}`, summaries)
        while (changes.version === version && !signal.aborted) await changes.signal.wait(signal)
        await new Promise((resolve) => setTimeout(resolve, LIST_PAUSE_MS))
      }
    } finally {
      giveBack()
    }
  }),
})

const NEVER = new AbortController().signal
