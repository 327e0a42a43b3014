import { once } from 'node:events'
import { createWriteStream, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InputFile } from '@rivulet/server/src/kernel/sql/engine.ts'
import { DatabaseError, EngineGone } from '@rivulet/server/src/kernel/sql/engine.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { TestDuckDb } from '../support/duckdb.ts'

/** Files that the engine reads, in its own process, with the same walls as for everything else. */

const folder = mkdtempSync(join(tmpdir(), 'rivulet-files-'))
const duckdb = new TestDuckDb()
afterAll(async () => {
  await duckdb[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

let files = 0
function file(format: InputFile['format'], content: string | Uint8Array, name = 'given'): InputFile {
  files += 1
  const path = join(folder, `file ${files}`)
  writeFileSync(path, content)
  return { name, from: 'file', id: path, path, format }
}
const inspect = (given: InputFile, signal = new AbortController().signal) => duckdb.pool.inspect(given, signal)
const failure = (given: InputFile) =>
  inspect(given).then(
    (facts) => facts,
    (error: unknown) => (error instanceof DatabaseError ? error.message : error),
  )

describe('what is in a file', () => {
  test.each<[string, InputFile['format'], string, [string, string][], number]>([
    [
      'types',
      'csv',
      'n,x,d,t\n1,1.5,2026-01-02,a\n2,,2026-01-03,"b, c"\n',
      [
        ['n', 'INTEGER'],
        ['x', 'DOUBLE'],
        ['d', 'DATE'],
        ['t', 'VARCHAR'],
      ],
      2,
    ],
    [
      'texts only, with a first line',
      'csv',
      'name,city\nAnn,Oslo\nBob,Rome\n',
      [
        ['name', 'VARCHAR'],
        ['city', 'VARCHAR'],
      ],
      2,
    ],
    [
      'semicolons and commas',
      'csv',
      'name;price\n"a;b";1,5\nc;2,5\n',
      [
        ['name', 'VARCHAR'],
        ['price', 'VARCHAR'],
      ],
      2,
    ],
    [
      'bars, CRLF and a byte order mark',
      'csv',
      '\ufeffa|b\r\n1|2\r\n',
      [
        ['a', 'INTEGER'],
        ['b', 'INTEGER'],
      ],
      1,
    ],
    [
      'a line break within quotation marks',
      'csv',
      '"a\nb",c\n"x\ny",1\n',
      [
        ['a\nb', 'VARCHAR'],
        ['c', 'INTEGER'],
      ],
      1,
    ],
    ['a type that only the last of many lines tells', 'csv', `a\n${'1\n'.repeat(50_000)}x\n`, [['a', 'VARCHAR']], 50_001],
    [
      'the same name three times',
      'csv',
      'a,a,A\n1,2,3\n',
      [
        ['a', 'INTEGER'],
        ['a_1', 'INTEGER'],
        ['A_2', 'INTEGER'],
      ],
      1,
    ],
    [
      'a first line alone',
      'csv',
      'a,b\n',
      [
        ['a', 'VARCHAR'],
        ['b', 'VARCHAR'],
      ],
      0,
    ],
    [
      'tabs, and commas that are text',
      'tsv',
      'a\tb\n1\tx, y, z\n',
      [
        ['a', 'INTEGER'],
        ['b', 'VARCHAR'],
      ],
      1,
    ],
    [
      'a list of objects',
      'json',
      '[{"a":1,"b":{"c":"x"}},{"a":null,"d":[true]}]',
      [
        ['a', 'INTEGER'],
        ['b', 'STRUCT("c" VARCHAR)'],
        ['d', 'BOOLEAN[]'],
      ],
      2,
    ],
    [
      'objects one below the other',
      'ndjson',
      '{"a":1}\n{"a":2,"b":"2026-01-01"}\n',
      [
        ['a', 'INTEGER'],
        ['b', 'DATE'],
      ],
      2,
    ],
  ])('%s (%s)', async (_, format, content, columns, rows) => {
    const named = columns.map(([name, type]) => ({ name, type }))
    expect(await inspect(file(format, content))).toEqual({ columns: named, rows })
  })

  test.each<[string, InputFile['format'], string | Uint8Array, string]>([
    ['too few fields', 'csv', 'a,b\n1,2\n3\n', 'line 3 has 1 field, and the first line has 2 fields.'],
    [
      'too many fields, far below',
      'csv',
      `a,b\n${'1,2\n'.repeat(50_000)}1,2,3\n`,
      'line 50002 has 3 fields, and the first line has 2 fields.',
    ],
    ['a quotation mark that stays open', 'csv', 'a,b\n1,"2\n', 'line 2 has a quotation mark that is not closed.'],
    ['no Parquet', 'parquet', 'PAR1 and no more', 'it is no Parquet file, or is damaged.'],
    ['half a JSON', 'json', '[{"a":1},{"a":', 'it is no JSON, at byte'],
    ['no JSON', 'json', 'a,b\n1,2\n', 'it is no JSON, at byte'],
    ['a line that is no JSON', 'ndjson', '{"a":1}\n{"b"\n', 'it is no NDJSON, at byte'],
  ])('%s is said (%s)', async (_, format, content, message) => {
    expect(await failure(file(format, content))).toContain(message)
    expect(String(await failure(file(format, content)))).not.toContain('/')
  })

  test('an inspection that nobody waits for ends, and leaves no process', async () => {
    const gone = AbortSignal.abort()
    await expect(inspect(file('csv', 'a\n1\n'), gone)).rejects.toThrow()
    const controller = new AbortController()
    const slow = inspect(file('csv', `a\n${'1234567890\n'.repeat(500_000)}`), controller.signal)
    controller.abort()
    await expect(slow).rejects.toBeInstanceOf(EngineGone)
    expect(duckdb.pool.processes).toBe(0)
  })
})

describe('a file as a table', () => {
  test('its rows, beside values and results; read once and dropped when it is another one', async () => {
    const first = file('csv', 'n\n1\n2\n', 'cars')
    const read = (given: InputFile) => duckdb.rows('select sum(n) from cars', { tables: [given] })
    expect(await read(first)).toEqual([[3]])
    // What was read once is not read again.
    rmSync(first.path)
    expect(await read(first)).toEqual([[3]])
    expect(await read(file('csv', 'n\n10\n', 'cars'))).toEqual([[10]])
    await duckdb.engine.forgetFile('cars')
    await expect(read(first)).rejects.toThrow('not there any more')
  })

  test('it is there for the cell that reads it alone, and nobody can change it', async () => {
    const cars = file('csv', 'n\n1\n', 'cars')
    await duckdb.run('from cars', { tables: [cars] })
    expect((await duckdb.refusal('from cars')).message).toContain('does not exist')
    for (const source of ['insert into cars values (2)', 'delete from cars', 'update cars set n = 2', 'drop table cars'])
      await duckdb.refusal(source, { tables: [cars] })
    expect(await duckdb.rows('from cars', { tables: [cars] })).toEqual([[1]])
    expect(await duckdb.engine.schema()).toEqual([])
    expect(await duckdb.rows("select count(*) from duckdb_tables() where table_name = 'cars'")).toEqual([[0]])
  })

  test('a file that cannot be read fails its cell alone', async () => {
    const bad = file('parquet', 'PAR1', 'bad')
    expect((await duckdb.refusal('from bad', { tables: [bad] })).message).toBe(
      'The file of the table “bad” cannot be read: it is no Parquet file, or is damaged.',
    )
    expect(await duckdb.rows('select 1')).toEqual([[1]])
  })

  test('the process sees it while it reads it, and no longer', async () => {
    const cars = file('csv', 'n\n1\n', 'seen')
    await duckdb.run('from seen', { tables: [cars] })
    const [own] = readdirSync(duckdb.tempRoot)
    expect(readdirSync(join(duckdb.tempRoot, own ?? ''))).toEqual([])
    expect((await duckdb.refusal(`from '${cars.path}'`)).message).toContain('does not exist')
  })

  test('a run that is stopped while it reads ends at once, and the engine goes on', async () => {
    await duckdb.run('create table kept as select 1 as a', { cell: 'keeps' })
    const big = file('csv', `a,b\n${'1234567890,some text that is a little longer\n'.repeat(400_000)}`, 'big')
    const running = duckdb.run('select count(*) from big', { tables: [big], runId: 'reads' })
    running.catch(() => undefined)
    await duckdb.engine.cancel('reads')
    await expect(running).rejects.toThrow('stopped')
    expect(await duckdb.rows('from kept')).toEqual([[1]])
    expect(duckdb.lost).toBe(0)
  })

  test('one that is larger than the memory is read all the same: it goes to disk', async () => {
    const small = new TestDuckDb({ memoryMb: 128, tempMb: 2_048 })
    try {
      const path = join(folder, 'large')
      const out = createWriteStream(path)
      out.write('id,text\n')
      const rows = 1_500_000
      for (let from = 0; from < rows; from += 10_000) {
        const lines = Array.from(
          { length: 10_000 },
          (_, n) => `${from + n},some text number ${(from + n) * 7_919} that is different in every row\n`,
        )
        if (!out.write(lines.join(''))) await once(out, 'drain')
      }
      out.end()
      await once(out, 'finish')
      const large: InputFile = { name: 'large', from: 'file', id: 'large', path, format: 'csv' }
      const source = 'select count(*) as n, sum(id) as s, count(distinct text) as d from large'
      expect(await small.rows(source, { tables: [large] })).toEqual([[rows, (rows * (rows - 1)) / 2, rows]])
      if (existsSync('/proc')) expect(small.residentMb()).toBeLessThan(700)
    } finally {
      await small[Symbol.asyncDispose]()
    }
  }, 120_000)
})
