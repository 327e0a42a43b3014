import { randomUUID } from 'node:crypto'
import { setTimeout as setTimeoutAsync } from 'node:timers/promises'
import { tracked } from '@trpc/server'
import { drained, follow } from '../session/follow.ts'
import { parsePosition } from '../session/position.ts'
import { authed, frequent, router } from './base.ts'
import type { AuthedContext } from './context.ts'
import * as inputs from './inputs.ts'
import { openSession } from './mutation.ts'
import { ProblemError } from './problems.ts'
import { stored } from './storage.ts'

/** Summaries that change in a burst are sent once: the first change at once, what follows together. */
const LIST_PAUSE_MS = 250
const LONGEST_TIMER_MS = 2 ** 31 - 1
const NEVER = new AbortController().signal

/**
 * One subscription begins: takes one of the connection's and of the user's, or over HTTP of the user's, where the stream ends with its token, as a socket would;
 * the client comes back with a fresh one and goes on where it was. Call what is returned when it is over.
 */
function beginStream({ slots, reader, user, services }: AuthedContext): () => void {
  const tooMany = () => new ProblemError({ kind: 'too-many-requests', what: 'subscriptions', retryAfterMs: 10_000 })
  const drop = () => reader.drop()
  if (!slots) {
    const over = services.streams.begin(user.userId, drop)
    if (!over) throw tooMany()
    const timer = setTimeout(drop, Math.min(Date.parse(user.expiresAt) - Date.now(), LONGEST_TIMER_MS))
    return () => {
      clearTimeout(timer)
      over()
    }
  }
  const over = slots.free > 0 ? services.subscriptions.begin(user.userId, drop) : undefined
  if (!over) throw tooMany()
  slots.free -= 1
  return () => {
    slots.free += 1
    over()
  }
}

export const liveProcedures = router({
  /** Authorises, provisions, and only then yields; from `lastEventId` on when that is possible. */
  notebook: authed.input(inputs.FollowNotebook).subscription(async function* ({ ctx, input, signal = NEVER }) {
    const session = openSession(ctx, input.id)
    const end = beginStream(ctx)
    const { release, ended } = ctx.services.library.sessions.hold(session)
    const leave = session.people.join({ clientId: input.clientId ?? randomUUID(), userId: ctx.user.userId, name: ctx.user.name })
    try {
      const from = parsePosition(input.lastEventId)
      const events = follow(session, from, { ...ctx.services.pace, reader: ctx.reader, signal: AbortSignal.any([signal, ended]) })
      for await (const [position, event] of events) yield tracked(position, event)
    } finally {
      leave()
      release()
      end()
    }
    if (!signal.aborted && ended.reason === 'deleted')
      throw new ProblemError({ kind: 'not-found', what: 'notebook', id: input.id })
  }),

  /** Shows the others where the caller is. Nothing of the notebook changes; `shown` is false while the caller does not follow it. */
  setPresence: frequent.input(inputs.SetPresence).mutation(({ ctx, input: { notebookId, clientId, cellId, selection } }) => {
    const where = { cellId: cellId ?? undefined, selection: selection ?? undefined }
    return { shown: openSession(ctx, notebookId).place({ clientId, userId: ctx.user.userId }, where) }
  }),

  /** The caller's summaries: all of them at first, and again whenever one changes. */
  notebookList: authed.input(inputs.FollowList).subscription(async function* ({ ctx, signal = NEVER }) {
    const { library } = ctx.services
    const end = beginStream(ctx)
    const { changes, release } = library.watchList(ctx.user.userId)
    try {
      while (await drained({ ...ctx.services.pace, reader: ctx.reader, signal })) {
        const summaries = stored(() => library.list(ctx.user.userId))
        // Read after the list: making it may have provisioned.
        const { version } = changes
        yield tracked(`list:${version}`, summaries)
        await pause(LIST_PAUSE_MS, signal)
        while (changes.version === version && !signal.aborted) await changes.signal.wait(signal)
      }
    } finally {
      release()
      end()
    }
  }),
})

/** Resolves early when `signal` aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeoutAsync(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
