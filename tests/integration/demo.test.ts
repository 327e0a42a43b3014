import stored from '@rivulet/server/src/demo/demo.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { recordDemo } from '../support/recordDemo.ts'

test('the stored demo is what running it again in a real kernel gives', async () => {
  const again = await recordDemo()
  expect(again.map((cell) => cell.outputs)).toEqual(stored.map((cell) => cell.outputs))
  expect(again.map((cell) => cell.result.kind)).toEqual(stored.map((cell) => cell.result.kind))
  expect(stored.every((cell) => cell.result.kind === 'ok')).toBe(true)
})
