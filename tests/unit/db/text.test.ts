import { openDatabase } from '@rivulet/db/client'
import { decodeText, encodeText } from '@rivulet/db/exactText'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('any text comes back equal from SQLite', () => {
  const { sqlite, close } = openDatabase(':memory:')
  const read = sqlite.prepare('select ? as text').pluck()
  const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) })
  fc.assert(fc.property(anyText, (text) => decodeText(String(read.get(encodeText(text)))) === text))
  close()
})

test('ordinary text is stored as it is, for people who look at the rows', () => {
  for (const text of ['const a = 1', '# Über 𝒳\n', '']) expect(encodeText(text)).toBe(text)
})
