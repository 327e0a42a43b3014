import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { SaveQuery } from '@rivulet/server/src/kernel/sql/engine.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { TestDuckDb } from '../support/duckdb.ts'

const duckdb = new TestDuckDb()
const folder = mkdtempSync(join(tmpdir(), 'rivulet-files-'))
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await duckdb[Symbol.asyncDispose]()
})

async function saved(source: string, query: SaveQuery): Promise<Buffer> {
  const { handle } = await duckdb.result(source)
  const all: Uint8Array[] = []
  for await (const piece of pieces(handle, query)) all.push(piece)
  return Buffer.concat(all)
}

async function* pieces(handle: string, query: SaveQuery, of = duckdb): AsyncGenerator<Uint8Array> {
  const file = await of.engine.save(handle, query)
  if (!file) throw new Error('the result is not kept any more')
  for (let piece = await file.next(); piece; piece = await file.next()) yield piece
}

/** What another program reads in a file. */
async function read(bytes: Uint8Array, what: string): Promise<unknown[][]> {
  const path = join(folder, 'file')
  writeFileSync(path, bytes)
  const connection = await (await DuckDBInstance.create()).connect()
  return (await connection.runAndReadAll(what.replaceAll('$file', `'${path}'`))).getRowsJson()
}

const csv = async (source: string, query: Partial<SaveQuery> = {}) =>
  (await saved(source, { format: 'csv', ...query })).toString('utf8')

describe('CSV', () => {
  test('every value as the engine writes it, NULL as nothing, and nothing that a spreadsheet runs', async () => {
    const source = `select * from (values
      (1, 'a, "b"', 1.50::decimal(9, 2), true, timestamp '2024-01-31 12:00:00.5', null),
      (-2, '=1+1', -0.5::decimal(9, 2), null, null, ''),
      (9007199254740993, e'two\nlines', null, false, timestamp '1999-12-31 00:00:00', 'é🦆')) t(n, "a ""name""", d, b, day, s)`
    expect(await csv(source)).toBe(
      [
        'n,"a ""name""",d,b,day,s',
        '1,"a, ""b""",1.50,true,2024-01-31 12:00:00.5,',
        '-2,\'=1+1,-0.50,,,""',
        '9007199254740993,"two\nlines",,false,1999-12-31 00:00:00,é🦆',
        '',
      ].join('\r\n'),
    )
  })

  test('without rows there are the names, as they are shown', async () => {
    expect(await csv('select 1 as a, 2 as a where false')).toBe('a,a\r\n')
    expect(await csv('select 1 as rowid')).toBe('rowid\r\n1\r\n')
  })

  test('what a page would cut is whole', async () => {
    const text = await csv(`select repeat('long ', 1000) as s, range(300) as l, repeat('x', 3000000) as large`)
    expect(text).toBe(
      `s,l,large\r\n${'long '.repeat(1_000)},"[${Array.from({ length: 300 }, (_, n) => n).join(', ')}]",${'x'.repeat(3_000_000)}\r\n`,
    )
  })

  test('another program reads the same rows, whatever is in the texts', async () => {
    const texts = ['null', "''", "'a,b'", "'\"'", "e'x\\r\\n'", "'plain'", '\'""x\'']
    const source = `select i, case i % 7 ${texts.map((text, n) => `when ${n} then ${text}`).join(' ')} end as s from range(20000) t(i)`
    const bytes = await saved(source, { format: 'csv' })
    const options = "header = true, columns = { i: 'BIGINT', s: 'VARCHAR' }, allow_quoted_nulls = false"
    const rows = await read(bytes, `select i, s from read_csv($file, ${options}) order by i`)
    const expected = [null, '', 'a,b', '"', 'x\r\n', 'plain', '""x']
    expect(rows).toEqual(Array.from({ length: 20_000 }, (_, n) => [String(n), expected[n % 7]]))
  })

  test('sorted and filtered as the grid is; what is missing comes last', async () => {
    const source = `select * from (values (1, 'bee'), (3, 'ant'), (null, 'bee 2'), (2, 'BEE 3')) t(n, s)`
    expect(await csv(source, { sort: { column: 'n', descending: true }, filter: ' bee ' })).toBe(
      'n,s\r\n2,BEE 3\r\n1,bee\r\n,bee 2\r\n',
    )
    await expect(csv(source, { sort: { column: 'x', descending: true } })).rejects.toThrow('no column “x”')
  })

  test.each(['', '9'])('in the order of the query, where the rows pass %j', async (filter) => {
    const all = Array.from({ length: 500_000 }, (_, n) => 500_000 - n).filter((i) => String(i).includes(filter))
    const text = await csv("select 500000 - i as i, 'n' || 500000 - i as s from range(500000) t(i)", { filter })
    expect(text).toBe(`i,s\r\n${all.map((i) => `${i},n${i}\r\n`).join('')}`)
  })

  test('ten million rows, in bounded memory and pieces', async () => {
    await using own = new TestDuckDb({ memoryMb: 512 })
    const { handle } = await own.result("select i::int as i, 'text number ' || (i % 1000) as s from range(10000000) t(i)")
    let [bytes, lines, most, largest] = [0, 0, 0, 0]
    for await (const piece of pieces(handle, { format: 'csv' }, own)) {
      bytes += piece.length
      for (const byte of piece) if (byte === 10) lines += 1
      largest = Math.max(largest, piece.length)
      most = Math.max(most, own.residentMb())
    }
    expect([lines, bytes > 200_000_000]).toEqual([10_000_001, true])
    expect(largest).toBeLessThan(4 * 1024 * 1024)
    // Its own limit, and what Node and the engine's code take.
    expect(most).toBeLessThan(512 + 400)
  }, 120_000)
})

describe('Parquet', () => {
  test.each([
    ['1', 'INTEGER', 1],
    ['9007199254740993', 'BIGINT', '9007199254740993'],
    ['sum(i)', 'DECIMAL(38,0)', '1'],
    ['170141183460469231731687303715884105727::hugeint', 'VARCHAR', '170141183460469231731687303715884105727'],
    ['[2::hugeint]', 'VARCHAR[]', ['2']],
    ['12.50::decimal(9, 2)', 'DECIMAL(9,2)', '12.50'],
    ['0.1::float', 'FLOAT', 0.10000000149011612],
    ["'=1+1'", 'VARCHAR', '=1+1'],
    ["''", 'VARCHAR', ''],
    ['null', 'INTEGER', null],
    ["timestamp '2024-01-31 12:00:00.5'", 'TIMESTAMP', '2024-01-31 12:00:00.5'],
    ["timestamptz '2024-01-31 12:00:00+00'", 'TIMESTAMP WITH TIME ZONE', '2024-01-31 12:00:00+00'],
    ["'\\x00'::blob", 'BLOB', '\\x00'],
    ["{ a: 1, b: ['x'] }", 'STRUCT(a INTEGER, b VARCHAR[])', { a: 1, b: ['x'] }],
    ["'b'::enum('a', 'b')", 'VARCHAR', 'b'],
    ['union_value(k := 1)', 'VARCHAR', '1'],
    ['[{ x: 1::variant }]', 'STRUCT(x VARCHAR)[]', [{ x: '1' }]],
    ["'{}'::json", 'JSON', '{}'],
  ])('%s is %s there', async (expression, type, value) => {
    const bytes = await saved(`select ${expression} as v from range(1, 2) t(i)`, { format: 'parquet' })
    expect(await read(bytes, 'select typeof(v), v from read_parquet($file)')).toEqual([[type, value]])
  })

  test('columns under names that are their own; without rows, too', async () => {
    const bytes = await saved('select 1 as a, 2 as a, 3 as rowid where false', { format: 'parquet' })
    expect((await read(bytes, 'describe from read_parquet($file)')).map(([name]) => name)).toEqual(['a', 'a_1', 'rowid'])
  })

  test('in the order of the query', async () => {
    const bytes = await saved('select 500000 - i as i from range(500000) t(i)', { format: 'parquet' })
    const order = 'select bool_and(i < before) from (select i, lag(i, 1, 1000000) over () as before from read_parquet($file))'
    expect(await read(bytes, order)).toEqual([[true]])
  })

  test('a million rows, sorted and filtered as the grid is', async () => {
    const query = { format: 'parquet', sort: { column: 'i', descending: true }, filter: '99' } as const
    const bytes = await saved("select i, 'n' || i as s from range(1000000) t(i)", query)
    expect(await read(bytes, 'select i, s from read_parquet($file) limit 2')).toEqual([
      ['999999', 'n999999'],
      ['999998', 'n999998'],
    ])
    const all = "select count(*)::int, bool_and(contains(s, '99')) from read_parquet($file)"
    expect(await read(bytes, all)).toEqual([[45739, true]])
  }, 60_000)

  test('leaves nothing in the folder of the engine, read to the end or not', async () => {
    await using own = new TestDuckDb()
    const { handle } = await own.result('select * from range(100000)')
    const half = await own.engine.save(handle, { format: 'parquet' })
    expect((await half?.next())?.subarray(0, 4).toString()).toBe('PAR1')
    await half?.close()
    for await (const _ of pieces(handle, { format: 'parquet' }, own));
    const [folder = ''] = readdirSync(own.tempRoot)
    expect(readdirSync(join(own.tempRoot, folder))).toEqual([])
  })

  test('without room on disk it says so, and names no folder; CSV needs none, and the result stays', async () => {
    await using own = new TestDuckDb({ memoryMb: 512, tempMb: 1 })
    const { handle } = await own.result('select hash(i) as a, hash(i + 1) as b from range(6000000) t(i)')
    const error = await own.engine.save(handle, { format: 'parquet' }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'DatabaseError', message: expect.stringContaining('SQL_TEMP_MB') })
    expect(String(error)).not.toContain(own.tempRoot)
    let bytes = 0
    for await (const piece of pieces(handle, { format: 'csv' }, own)) bytes += piece.length
    expect(bytes).toBeGreaterThan(200_000_000)
  }, 120_000)
})

describe('a result', () => {
  test('is there until its file is read, though its cell runs again; then it is gone', async () => {
    const { handle } = await duckdb.result('select i from range(500000) t(i)', { cell: 'again' })
    const file = await duckdb.engine.save(handle, { format: 'csv' })
    await duckdb.run('select 1', { cell: 'again' })
    let bytes = 0
    for (let piece = await file?.next(); piece; piece = await file?.next()) bytes += piece.length
    expect(bytes).toBe(3 + 10 * 3 + 90 * 4 + 900 * 5 + 9_000 * 6 + 90_000 * 7 + 400_000 * 8)
    expect(await duckdb.engine.save(handle, { format: 'csv' })).toBeUndefined()
  })

  test('is let go in the middle of its file, and the engine goes on', async () => {
    await using own = new TestDuckDb({ memoryMb: 512 })
    const { handle } = await own.result('select i, hash(i) as h from range(3000000) t(i)', { cell: 'sorted' })
    const file = await own.engine.save(handle, { format: 'csv', sort: { column: 'h', descending: true } })
    expect((await file?.next())?.length).toBeGreaterThan(1_000_000)
    await file?.close()
    await file?.close()
    await expect(file?.next()).rejects.toThrow('closed')
    await own.engine.forget('sorted')
    expect(await own.rows('select 2')).toEqual([[2]])
  }, 120_000)
})
