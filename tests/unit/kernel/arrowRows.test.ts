import { rowsOf } from '@rivulet/server/src/kernel/typescript/inside/arrow.ts'
import * as arrow from '@uwdata/flechette'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'

afterEach(() => vi.restoreAllMocks())

/** Columns go the way of a result, to the rows that code reads. */
function read(columns: Record<string, [arrow.DataType, unknown[]]>): unknown[] {
  const made = Object.entries(columns).map(
    ([name, [type, values]]) => [name, arrow.columnFromArray(values, type)] as [string, arrow.Column<unknown>],
  )
  const bytes = arrow.tableToIPC(arrow.tableFromColumns(made), { format: 'stream' })
  return rowsOf(arrow as unknown as Parameters<typeof rowsOf>[0], bytes as Uint8Array)
}

describe('[X5] rows of a result in code', () => {
  test('texts are what they were, to their first character', () => {
    const texts = fc.array(
      fc.option(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `\ufeff${text}`),
        ),
      ),
      {
        minLength: 1,
      },
    )
    fc.assert(
      fc.property(texts, (given) => {
        const whole = given.map((text) => text?.toWellFormed() ?? null)
        const lists = whole.map((text) => [text, 'end'])
        const rows = read({ t: [arrow.utf8(), whole], l: [arrow.list(arrow.utf8()), lists] })
        expect(rows).toEqual(whole.map((t, n) => ({ t, l: lists[n] })))
      }),
    )
  })

  test('a thousand of them are decoded at once, where all are ASCII', () => {
    const decode = vi.spyOn(TextDecoder.prototype, 'decode')
    const texts = Array.from({ length: 1_000 }, (_, n) => `text ${n}`)
    expect(read({ t: [arrow.utf8(), texts] })).toEqual(texts.map((t) => ({ t })))
    expect(decode.mock.calls.length).toBeLessThan(20)
  })
})
