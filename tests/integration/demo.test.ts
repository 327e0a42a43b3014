import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import stored from '@rivulet/server/src/demo/demo.json' with { type: 'json' }
import { DEMO_FILES } from '@rivulet/server/src/demo/samples.ts'
import { expect, test } from 'vitest'
import { TestDuckDb } from '../support/duckdb.ts'
import { recordDemo } from '../support/recordDemo.ts'

test('the stored demo is what running it again in a real kernel gives', async () => {
  const again = await recordDemo()
  expect(again.map((cell) => cell.outputs)).toEqual(stored.map((cell) => cell.outputs))
  expect(again.map((cell) => cell.result.kind)).toEqual(stored.map((cell) => cell.result.kind))
  expect(stored.every((cell) => cell.result.kind === 'ok')).toBe(true)
})

test('[F1] what is said of the files that come along is what an engine finds in them', async () => {
  const duckdb = new TestDuckDb()
  try {
    for (const { content, format, bytes, rows, columns } of DEMO_FILES) {
      const sample = `../../server/src/demo/samples/${content.replace('sample:', '')}.csv`
      const path = fileURLToPath(new URL(sample, import.meta.url))
      const found = await duckdb.pool.inspect(
        { name: 'x', from: 'file', id: content, path, format },
        new AbortController().signal,
      )
      expect({ ...found, bytes: statSync(path).size }).toEqual({ rows, columns, bytes })
      expect(bytes).toBeLessThan(40_000)
    }
  } finally {
    await duckdb[Symbol.asyncDispose]()
  }
})
