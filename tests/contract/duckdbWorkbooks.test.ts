import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeLines } from '@rivulet/server/src/kernel/sql/duckdb/inside/workbook.ts'
import { OUT_OF_MEMORY, ProcessGone } from '@rivulet/server/src/kernel/sql/duckdb/process.ts'
import { toldByReading } from '@rivulet/server/src/kernel/sql/duckdb/told.ts'
import { DatabaseError, EngineGone, type InputFile } from '@rivulet/server/src/kernel/sql/engine.ts'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { TestDuckDb } from '../support/duckdb.ts'
import { type Given, secondSheet, workbook } from '../support/workbook.ts'

/** Excel workbooks, read in the engine's own process. */

const folder = mkdtempSync(join(tmpdir(), 'rivulet-workbooks-'))
const duckdb = new TestDuckDb()
afterAll(async () => {
  await duckdb[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

let files = 0
function file(content: Uint8Array): InputFile {
  files += 1
  const path = join(folder, `file ${files}`)
  writeFileSync(path, content)
  return { name: 'given', from: 'file', id: path, path, format: 'xlsx' }
}

const inspect = (content: Uint8Array) => duckdb.pool.inspect(file(content), new AbortController().signal)
const refusal = (content: Uint8Array) =>
  inspect(content).then(
    (facts) => facts,
    (error: unknown) => (error instanceof DatabaseError ? error.message : error),
  )
const tableOf = async (rows: readonly (readonly Given[])[]) => {
  const { columns, rows: cells } = await duckdb.result('from given', { tables: [file(workbook(rows))] })
  return { columns: columns.map(({ name, type }) => `${name} ${type}`), cells }
}

describe('[F1] [F5] an Excel workbook', () => {
  test('has the names of its first row, and columns of types', async () => {
    const day = new Date('2026-02-03T00:00:00Z')
    const moment = new Date('2026-02-03T04:30:00Z')
    expect(
      await tableOf([
        ['n', 'x', 'ok', 'day', 'at', 't'],
        [1, 1.5, true, day, moment, 'é & <b>'],
        [2, 2, false, null, day, '007'],
        [null, null, null, null, null, null],
        [3_000_000_000, null, null, day, null, ' '],
      ]),
    ).toEqual({
      columns: ['n BIGINT', 'x DOUBLE', 'ok BOOLEAN', 'day DATE', 'at TIMESTAMP', 't VARCHAR'],
      cells: [
        [1, 1.5, true, '2026-02-03', '2026-02-03T04:30:00.000Z', 'é & <b>'],
        [2, 2, false, null, '2026-02-03T00:00:00.000Z', '007'],
        [3_000_000_000, null, null, '2026-02-03', null, null],
      ],
    })
  })

  test('without a row of names has columns by number; names that are blank or there twice are told apart', async () => {
    expect(await tableOf([[1, 'a']])).toEqual({ columns: ['column0 INTEGER', 'column1 VARCHAR'], cells: [[1, 'a']] })
    expect(
      (
        await tableOf([
          ['a', null, 'A', ' it"s '],
          [1, 2, 3, 4],
        ])
      ).columns,
    ).toEqual(['a INTEGER', 'column1 INTEGER', 'A_1 INTEGER', 'it"s INTEGER'])
  })

  test('a column of different things is one of texts', async () => {
    const day = new Date('2026-02-03T00:00:00Z')
    expect(await tableOf([['m'], [1], ['two'], [true], [day]])).toEqual({
      columns: ['m VARCHAR'],
      cells: [['1'], ['two'], ['true'], ['2026-02-03']],
    })
  })

  test('of several sheets is the first, and how many there are is said', async () => {
    const given = workbook([['a'], [1]], secondSheet([['b'], [2], [3]]))
    expect(await inspect(given)).toEqual({ columns: [{ name: 'a', type: 'INTEGER' }], rows: 1, sheets: 2 })
    expect((await inspect(workbook([['a'], [1]]))).sheets).toBe(1)
  })

  test('formulas have the value that was saved with them; texts may stand in a list of their own', async () => {
    const sheet = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
      <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
      <row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row></sheetData></worksheet>`
    const texts =
      '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>sum</t></si><si><t>word</t></si></sst>'
    const given = workbook([], { 'xl/worksheets/sheet1.xml': sheet, 'xl/sharedStrings.xml': texts })
    const { columns, rows } = await duckdb.result('from given', { tables: [file(given)] })
    expect([columns.map(({ name }) => name), rows]).toEqual([['sum', 'word'], [[2, 'ab']]])
  })

  test('20,000 rows are all there, and nothing else is left in the engine’s folder', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n): Given[] => [n, `text ${n}`, n / 7])
    const { rows: counted } = await duckdb.result('select count(*), sum(n), max(t) from given', {
      tables: [file(workbook([['n', 't', 'x'], ...rows]))],
    })
    expect(counted).toEqual([[20_000, 199_990_000, 'text 9999']])
    expect(readdirSync(folder).filter((name) => name.endsWith('.lines'))).toEqual([])
  })
})

test('a machine that is busy reads them, too: the reader looks at the clock, and takes ever smaller pieces', async () => {
  const { path } = file(workbook([['n', 't'], ...Array.from({ length: 3_000 }, (_, n): Given[] => [n, `text ${n}`])]))
  let ms = Date.now()
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => {
    ms += 10
    return ms
  })
  try {
    expect(await writeLines(path, `${path}.lines`)).toMatchObject({ columns: [{ name: 'n' }, { name: 't' }], sheets: 1 })
  } finally {
    clock.mockRestore()
  }
  expect(readFileSync(`${path}.lines`, 'utf8').trimEnd().split('\n')).toHaveLength(3_000)
  rmSync(`${path}.lines`)
})

describe('what is refused', () => {
  const good = workbook([['a'], [1]])
  test.each<[string, Uint8Array, string]>([
    ['nothing but zeros', new Uint8Array(100), 'it is no Excel workbook, or is damaged.'],
    ['three bytes', new Uint8Array([80, 75, 3]), 'it is no Excel workbook, or is damaged.'],
    ['half a workbook', good.slice(0, good.length / 2), 'it is no Excel workbook, or is damaged.'],
    [
      'a damaged one',
      good.map((byte, at) => (at > 60 && at < 400 ? byte ^ 0x55 : byte)),
      'it is no Excel workbook, or is damaged.',
    ],
    ['a zip of something else', workbook([], { 'xl/workbook.xml': '<nothing/>' }), 'it is no Excel workbook, or is damaged.'],
    [
      'an old one, or one with a password',
      new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      'it is an old workbook, or has a password. Save it as .xlsx without one.',
    ],
    ['an empty sheet', workbook([]), 'its first sheet is empty.'],
    [
      'what unpacks to too much',
      workbook([], { 'xl/worksheets/sheet1.xml': `<worksheet>${' '.repeat(150_000_000)}</worksheet>` }),
      'it unpacks to more than 128 MB. Save the sheet as CSV.',
    ],
  ])('%s', async (_, content, message) => {
    expect(await refusal(content)).toBe(message)
  })

  test('what takes more memory than there is is no fault of the engine’s, which has lost nothing', () => {
    expect(toldByReading(new ProcessGone(OUT_OF_MEMORY))).toMatchObject({
      name: 'DatabaseError',
      message: 'to read it takes more memory than the SQL engine has. Save it as CSV or Parquet, or in parts.',
    })
    expect(toldByReading(new ProcessGone('It was killed.'))).toBeInstanceOf(EngineGone)
  })

  test('what says that it unpacks to less than it does', async () => {
    const bomb = workbook([], { 'xl/worksheets/sheet1.xml': `<worksheet>${' '.repeat(30_000_000)}</worksheet>` })
    const view = new DataView(bomb.buffer, bomb.byteOffset, bomb.byteLength)
    for (let at = 0; at + 4 < bomb.length; at += 1)
      if (view.getUint32(at, true) > 29_999_999 && view.getUint32(at, true) < 30_000_100) view.setUint32(at, 1_000, true)
    expect(await refusal(bomb)).toBe('it is no Excel workbook, or is damaged.')
  })
})
