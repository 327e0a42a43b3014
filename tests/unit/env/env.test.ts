import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { envExample, loadEnv } from '@rivulet/server/src/env.ts'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../..')

test('.env.example lists every variable with its sentence and default', () => {
  expect(readFileSync(resolve(ROOT, '.env.example'), 'utf8')).toBe(envExample())
})

test('without any variable everything has a default; an empty one counts as absent', () => {
  expect(loadEnv({ PORT: '', HOST: '' })).toMatchObject({
    ...{
      HOST: '127.0.0.1',
      PORT: 3000,
      ALLOWED_ORIGINS: [],
      TRUSTED_ISSUERS: [],
      KERNEL_WARM_SPARE: true,
      NODE_ENV: 'production',
    },
  })
})

test('a relative DATA_DIR counts from the workspace, whichever package the script runs in', () => {
  expect(loadEnv({ INIT_CWD: resolve(ROOT, 'server/src') }).DATA_DIR).toBe(resolve(ROOT, 'data'))
  expect(loadEnv({ INIT_CWD: '/', DATA_DIR: 'here' }).DATA_DIR).toBe('/here')
  expect(loadEnv({ DATA_DIR: '/there' }).DATA_DIR).toBe('/there')
})

const good = {
  PORT: ['0', '65535'],
  PUBLIC_URL: ['https://notebooks.example.org'],
  ALLOWED_ORIGINS: ['https://a.example, http://localhost:5173/'],
  TRUSTED_ISSUERS: ['[{"issuer":"https://c","jwksUrl":"https://c/keys","audience":"a","algorithms":["RS256"]}]'],
  KERNEL_IDLE_MINUTES: ['0.5'],
  KERNEL_RUN_SECONDS: ['0', '0.5', '86400'],
}
test.each(Object.entries(good).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
  '%s may be %s',
  (name, value) => {
    expect(() => loadEnv({ [name]: value })).not.toThrow()
  },
)

const bad = {
  PORT: ['-1', '65536', '3000.5', 'eighty', '0x'],
  PUBLIC_URL: ['notebooks.example.org', 'localhost:3000', 'ftp://x'],
  ALLOWED_ORIGINS: ['*', 'a.example', 'https://a.example,nonsense', 'localhost:3000'],
  TRUSTED_ISSUERS: [
    '{',
    '{}',
    '[{"issuer":"x"}]',
    '[{"issuer":"https://c","jwksUrl":"file:///keys","audience":"a","algorithms":["RS256"]}]',
    '[{"issuer":"https://c","jwksUrl":"https://c/keys","audience":"a","algorithms":["HS256"]}]',
    '[{"issuer":"https://c","jwksUrl":"https://c/keys","audience":"a","algorithms":["none"]}]',
    '[{"issuer":"https://c","jwksUrl":"https://c/keys","audience":"a","algorithms":[]}]',
  ],
  AUTH_SECRET: ['short'],
  LOG_LEVEL: ['loud'],
  RATE_LIMIT_PER_MINUTE: ['0', '-5', 'many'],
  KERNEL_IDLE_MINUTES: ['0', '1e6', 'Infinity'],
  KERNEL_RUN_SECONDS: ['-1', '1e7', 'Infinity', 'ten'],
  KERNEL_WARM_SPARE: ['yes'],
  NODE_ENV: ['staging'],
}
test.each(Object.entries(bad).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
  '%s may not be %s: the message begins with its name',
  (name, value) => {
    expect(() => loadEnv({ [name]: value })).toThrow(
      expect.objectContaining({ name: 'EnvError', message: expect.stringMatching(`^${name}: .`) }),
    )
  },
)

test('every bad value is named, not only the first', () => {
  expect(() => loadEnv({ PORT: 'x', LOG_LEVEL: 'x' })).toThrow(/^PORT: .*\nLOG_LEVEL: /)
})
