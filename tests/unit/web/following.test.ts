import type { AppRouter } from '@rivulet/server/api'
import type { NotebookEvent } from '@rivulet/server/notebook/events'
import type { Problem } from '@rivulet/server/notebook/problems'
import { type TRPCClient, TRPCClientError } from '@trpc/client'
import { beforeEach, expect, test, vi } from 'vitest'
import { Following } from '../../../web/src/features/notebook/following.ts'

/** What ends a subscription for good, and what does not. */

interface Subscribed {
  lastEventId: string | null
  event: (id: string) => void
  fail: (error: unknown) => void
  ended: boolean
}

const PRESENCE: NotebookEvent = { type: 'presence', people: [] }
let subscribed: Subscribed[]
let refused: unknown[]
let renew: () => Promise<unknown>
let following: Following
beforeEach(() => {
  subscribed = []
  refused = []
  renew = async () => 'token'
  const subscribe = (
    input: { lastEventId: string | null },
    on: { onData: (event: unknown) => void; onError: (e: unknown) => void },
  ) => {
    const one: Subscribed = {
      lastEventId: input.lastEventId,
      event: (id) => on.onData({ id, data: PRESENCE }),
      fail: on.onError,
      ended: false,
    }
    subscribed.push(one)
    return { unsubscribe: () => Object.assign(one, { ended: true }) }
  }
  following = new Following({
    api: { notebook: { subscribe } } as unknown as TRPCClient<AppRouter>,
    ...{ id: 'n', clientId: 'c', pauseMs: 1 },
    renew: () => renew(),
    onEvent: () => undefined,
    onRefused: (error) => refused.push(error),
  })
  following.begin()
})

const lineBroke = () => TRPCClientError.from(new Error('Active connection is not open'))
const says = (problem: Problem) =>
  TRPCClientError.from({ error: { message: '', code: -32_000, data: { code: '', problem } } } as never)
const latest = () => subscribed.at(-1)
const goesOn = (times: number) => vi.waitFor(() => expect(subscribed).toHaveLength(times))

test('[C4] a line that breaks in the moment of subscribing: it goes on from the last event, again and again', async () => {
  latest()?.fail(lineBroke())
  await goesOn(2)
  latest()?.event('e:7')
  latest()?.fail(lineBroke())
  await goesOn(3)
  latest()?.fail(lineBroke())
  await goesOn(4)
  expect(subscribed.map(({ lastEventId }) => lastEventId)).toEqual([null, null, 'e:7', 'e:7'])
  expect(subscribed.map(({ ended }) => ended)).toEqual([true, true, true, false])
  expect(refused).toEqual([])
})

test('a limit: it goes on after the time that the server names', async () => {
  latest()?.fail(says({ kind: 'too-many-requests', what: 'subscriptions', retryAfterMs: 2 }))
  await goesOn(2)
  expect(refused).toEqual([])
})

test('a token that was no good: it goes on when there is another, also when that cannot be asked for just now', async () => {
  latest()?.fail(says({ kind: 'unauthorized', reason: 'expired-token' }))
  await goesOn(2)
  renew = () => Promise.reject(new TypeError('Failed to fetch'))
  latest()?.fail(says({ kind: 'unauthorized', reason: 'expired-token' }))
  await goesOn(3)
  expect(refused).toEqual([])
})

test('a session that has ended, and what is refused for another reason, end it', async () => {
  renew = () => Promise.reject(new Error('signed out'))
  const unauthorized = says({ kind: 'unauthorized', reason: 'expired-token' })
  latest()?.fail(unauthorized)
  await vi.waitFor(() => expect(refused).toEqual([unauthorized]))
  following.beginAnew()
  const notFound = says({ kind: 'not-found', what: 'notebook', id: 'n' })
  latest()?.fail(notFound)
  await vi.waitFor(() => expect(refused).toEqual([unauthorized, notFound]))
  expect(subscribed).toHaveLength(2)
})

test('who has ended it is not brought back by an error that comes late', async () => {
  const first = latest()
  following.end()
  first?.fail(lineBroke())
  following.begin()
  first?.fail(lineBroke())
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(subscribed).toHaveLength(2)
})
