import type { Problem } from '@rivulet/server/notebook/problems'
import { ProblemError, unwrap } from '@rivulet/server/src/trpc/problems.ts'
import { RateLimit } from '@rivulet/server/src/trpc/rateLimit.ts'
import { expect, test } from 'vitest'

test('a quarter at once, then as many a minute as allowed; each user has their own', () => {
  let now = 0
  const rate = new RateLimit(60, () => now)
  const take = (count: number, user = 'u') => Array.from({ length: count }, () => rate.take(user))
  expect(take(16)).toEqual([...Array(15).fill(0), 1_000])
  expect(take(1, 'v')).toEqual([0])
  now = 400
  expect(take(1)).toEqual([600])
  now = 1_000
  expect(take(2)).toEqual([0, 1_000])
  now = 3_600_000
  expect(take(16).filter((wait) => wait === 0)).toHaveLength(15)
})

test('users who asked for nothing lately cost nothing', () => {
  let now = 0
  const rate = new RateLimit(60, () => now)
  for (let user = 0; user < 5_000; user += 1) {
    now += 100
    rate.take(`u${user}`)
  }
  expect(rate.size).toBeLessThan(2_001)
})

test('every problem has a code, and says what is wrong', () => {
  const problems: Record<Problem['kind'], [Problem, string]> = {
    'invalid-input': [{ kind: 'invalid-input', issues: [{ path: 'a', message: 'b' }] }, 'BAD_REQUEST'],
    unauthorized: [{ kind: 'unauthorized', reason: 'no-token' }, 'UNAUTHORIZED'],
    forbidden: [{ kind: 'forbidden', action: 'do that' }, 'FORBIDDEN'],
    'not-found': [{ kind: 'not-found', what: 'cell', id: 'x' }, 'NOT_FOUND'],
    'version-conflict': [{ kind: 'version-conflict', cellId: 'x', version: 1, source: '' }, 'CONFLICT'],
    'rev-conflict': [{ kind: 'rev-conflict', rev: 1, epoch: 'e' }, 'CONFLICT'],
    'too-large': [{ kind: 'too-large', what: 'source', limit: 1, actual: 2 }, 'PAYLOAD_TOO_LARGE'],
    'too-many-requests': [{ kind: 'too-many-requests', what: 'rate', retryAfterMs: 1 }, 'TOO_MANY_REQUESTS'],
    'table-taken': [{ kind: 'table-taken', table: 'cars', by: 'file' }, 'CONFLICT'],
    'unreadable-file': [{ kind: 'unreadable-file', message: 'it is empty.' }, 'UNPROCESSABLE_CONTENT'],
    unavailable: [{ kind: 'unavailable', reason: 'storage' }, 'SERVICE_UNAVAILABLE'],
    internal: [{ kind: 'internal', id: 'x' }, 'INTERNAL_SERVER_ERROR'],
  }
  for (const [problem, code] of Object.values(problems)) {
    const error = new ProblemError(problem)
    expect([error.code, error.problem]).toEqual([code, problem])
    expect(error.message).toMatch(/^[A-Z].*[.)]|:/)
    expect(() => unwrap({ ok: false, problem })).toThrow(error.message)
  }
  expect(unwrap({ ok: true, value: 1 })).toBe(1)
})
