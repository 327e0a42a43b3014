import type { LookupAddress } from 'node:dns'
import { hostProblem, isPublic, lookupFor } from '@rivulet/server/src/connections/hosts.ts'
import { expect, test } from 'vitest'

test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111'])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true)
})

test.each([
  ...[
    '127.0.0.1',
    '127.9.9.9',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
  ],
  ...['224.0.0.1', '255.255.255.255', '::1', '::', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', 'fe80::1', 'fd00::1'],
  ...['ff02::1', '2002:7f00:1::', '2001::1', '2001:db8::1', 'localhost', ''],
])('%s is not', (address) => {
  expect(isPublic(address)).toBe(false)
})

test.each([
  ['any', '127.0.0.1', true],
  ['none', 'db.example.org', false],
  ['public', 'db.example.org', true],
  ['public', '8.8.8.8', true],
  ['public', '127.0.0.1', false],
  ['public', '::1', false],
  [['db.example.org'], 'db.example.org', true],
  [['DB.example.org:5432'], 'db.example.org', true],
  [['db.example.org:5433'], 'db.example.org', false],
  [['db.example.org'], 'evil.example.org', false],
  [['[fd00::1]:5432'], 'fd00::1', true],
] as const)('with %j, %s is let in: %s', (policy, host, allowed) => {
  expect(hostProblem(policy, { host, port: 5432 }) === undefined).toBe(allowed)
})

/** A name server that answers so. */
const answering = (...addresses: LookupAddress[]) =>
  ((_host: string, _options: unknown, done: (error: Error | null, found: LookupAddress[]) => void) =>
    done(null, addresses)) as typeof import('node:dns').lookup

const lookedUp = (policy: 'public' | 'any', ...addresses: LookupAddress[]) =>
  new Promise((resolve, reject) => {
    lookupFor(policy, answering(...addresses))('db.example.org', { all: true }, (error, found) =>
      error ? reject(error) : resolve(found),
    )
  })
const INSIDE = { address: '10.0.0.1', family: 4 }
const OUTSIDE = { address: '8.8.8.8', family: 4 }

test('a public name that leads inside is looked through when it is connected to', async () => {
  await expect(lookedUp('public', INSIDE)).rejects.toThrow('public addresses only')
  await expect(lookedUp('public', { address: '::ffff:10.0.0.1', family: 6 })).rejects.toThrow('public addresses only')
  expect(await lookedUp('public', INSIDE, OUTSIDE)).toEqual([OUTSIDE])
  expect(await lookedUp('any', INSIDE)).toEqual([INSIDE])
})
