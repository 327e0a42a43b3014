import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseKey, Secrets } from '@rivulet/server/src/connections/secrets.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const TEXT = 'postgresql://ann:pässword🦆@h/d'
const key = () => join(folder, 'secret.key')

test('what was sealed is opened, by a later process, too; twice the same is not the same', () => {
  const secrets = new Secrets(folder)
  const sealed = secrets.seal(TEXT, 'pg-1')
  expect(sealed).not.toContain('ann')
  expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('ann')
  expect(new Secrets(folder).open(sealed, 'pg-1')).toBe(TEXT)
  expect(secrets.seal(TEXT, 'pg-1')).not.toBe(sealed)
})

test('the key is made when it is first needed, for its owner only', () => {
  expect(existsSync(key())).toBe(false)
  new Secrets(folder).seal(TEXT, 'pg-1')
  expect(statSync(key()).mode & 0o777).toBe(0o600)
  expect(parseKey(readFileSync(key(), 'utf8').trim())).toHaveLength(32)
})

test('of one connection it does not open that of another', () => {
  const secrets = new Secrets(folder)
  expect(() => secrets.open(secrets.seal(TEXT, 'pg-1'), 'pg-2')).toThrow('damaged')
})

test('another key, a lost one and a damaged file say so, and none is made in their place', () => {
  const sealed = new Secrets(folder).seal(TEXT, 'pg-1')
  expect(() => new Secrets(folder, randomBytes(32)).open(sealed, 'pg-1')).toThrow('another key')
  rmSync(key())
  expect(() => new Secrets(folder).open(sealed, 'pg-1')).toThrow('is lost')
  expect(existsSync(key())).toBe(false)
  writeFileSync(key(), 'nonsense')
  expect(() => new Secrets(folder).open(sealed, 'pg-1')).toThrow('holds no key')
  expect(() => new Secrets(folder).seal(TEXT, 'pg-1')).toThrow('holds no key')
})

test('a changed byte is noticed', () => {
  const secrets = new Secrets(folder, randomBytes(32))
  const [version, id, body = ''] = secrets.seal(TEXT, 'pg-1').split('.')
  const bytes = Buffer.from(body, 'base64url')
  for (const at of [0, 12, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => secrets.open(`${version}.${id}.${changed.toString('base64url')}`, 'pg-1')).toThrow('damaged')
  }
})

test.each([randomBytes(32).toString('base64'), randomBytes(32).toString('base64url')])('%s is a key', (text) => {
  expect(parseKey(text)).toHaveLength(32)
})
test.each(['', 'short', randomBytes(31).toString('base64'), randomBytes(33).toString('base64'), '*'.repeat(44)])(
  '%j is none',
  (text) => {
    expect(parseKey(text)).toBeUndefined()
  },
)
