import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../..')
const text = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
const named = (part: string) => [...part.matchAll(/`(tests\/[\w./-]+\.test\.tsx?)`/g)].map(([, file]) => file ?? '')

test('every test that docs/security.md names is there', () => {
  const files = named(text)
  expect(files.length).toBeGreaterThan(10)
  for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true)
})

test('every attack in its table names a test', () => {
  const [, table = ''] = text.split('## Attacks, and their tests')
  const rows = (table.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (attack|---)/.test(line))
  expect(rows.length).toBeGreaterThan(10)
  for (const row of rows) expect(named(row), row).not.toEqual([])
})
