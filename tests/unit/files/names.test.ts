import { fileName } from '@rivulet/server/notebook/tables'
import { formatOf, shownNameOf, tableNameOf } from '@rivulet/server/src/files/names.ts'
import { analyse } from '@rivulet/server/src/language/languages.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test.each([
  ['cars.csv', 'cars'],
  ['Cars 2024 (final).CSV', 'cars_2024_final'],
  ['données.ÉTÉ.json', 'données_été'],
  ['売上.parquet', '売上'],
  ['हिन्दी.csv', 'हिन्दी'],
  ['2024.csv', 't_2024'],
  ['order.csv', 'order_file'],
  ['tables.csv', 'tables_file'],
  ['__x__.csv', 'x'],
  ['-.csv', 'file'],
  ['.csv', 'csv'],
  ['x"; drop table y; --.csv', 'x_drop_table_y'],
  ['🚗.csv', 'file'],
  ['no extension', 'no_extension'],
  [`${'a'.repeat(200)}.csv`, 'a'.repeat(60)],
  // The same letters, put together and apart.
  ['caf\u0065\u0301.csv', 'café'],
])('[F1] %s is the table %s', (name, table) => expect(tableNameOf(name)).toBe(table))

test('[F1] whatever a file is called, SQL reads its table without quotation marks', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string()), (name) => {
      const table = tableNameOf(name)
      expect(tableNameOf(`${table}.`)).toBe(table)
      const { uses, syntaxError } = analyse('sql', `select * from ${table} where true`)
      expect([syntaxError, uses.includes(fileName(table))]).toEqual([undefined, true])
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['../../etc/passwd.csv', 'passwd.csv'],
  ['C:\\data\\cars.csv', 'cars.csv'],
  ['/', undefined],
  ['..', undefined],
  ['a\0b.csv', undefined],
  ['a\nb.csv', undefined],
  ['\ud800.csv', undefined],
  [`${'a'.repeat(300)}.csv`, undefined],
  ['  cars.csv ', 'cars.csv'],
])('a name is shown without folders: %j', (given, shown) => expect(shownNameOf(given)).toBe(shown))

test('what a file is, is the end of its name', () => {
  const named = ['a.csv', 'a.TSV', 'a.tab', 'a.parquet', 'a.json', 'a.ndjson', 'a.jsonl', 'a.XLSX', 'a.xlsm'].map((name) =>
    formatOf(name),
  )
  const formats = ['csv', 'tsv', 'tsv', 'parquet', 'json', 'ndjson', 'ndjson', 'xlsx', 'xlsx']
  expect(named.map((known) => known.ok && known.format)).toEqual(formats)
  const messages = ['a.ods', 'a.csv.gz', 'a.png', 'csv'].map((name) => formatOf(name))
  expect(messages).toEqual([
    { ok: false, message: expect.stringContaining('Save it as .xlsx') },
    { ok: false, message: expect.stringContaining('Unpack it') },
    { ok: false, message: expect.stringContaining('does not say') },
    { ok: false, message: expect.stringContaining('does not say') },
  ])
})
