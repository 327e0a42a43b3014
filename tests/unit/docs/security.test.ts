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

/** Of a row: each file, with the parts of titles that follow it. */
function titlesIn(row: string): { file: string; titles: string[] }[] {
  return row.split(/(?=`tests\/)/).flatMap((part) => {
    const [file] = named(part)
    return file ? [{ file, titles: [...part.matchAll(/“([^”]+)”/g)].map(([, title]) => title ?? '') }] : []
  })
}

/** What the tests and their groups in a file are called. */
function calledIn(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8')
  return [...source.matchAll(/(?:^|\W)(?:test|it|describe|describeInBrowser)(?:\.each[^\n]*?\)?)?\(\s*(['`])(.+?)\1,/gm)].map(
    ([, , title]) => title ?? '',
  )
}

test('every attack in its table names tests, by parts of titles that are there', () => {
  const [, table = ''] = text.split('## Attacks, and their tests')
  const rows = (table.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (attack|---)/.test(line))
  expect(rows.length).toBeGreaterThan(10)
  for (const row of rows) {
    const tests = titlesIn(row)
    expect(tests, row).not.toEqual([])
    for (const { file, titles } of tests) {
      expect(titles, `${file} in ${row}`).not.toEqual([])
      const called = calledIn(file)
      for (const title of titles)
        expect(
          called.some((each) => each.includes(title)),
          `${file}: ${title}`,
        ).toBe(true)
    }
  }
})
