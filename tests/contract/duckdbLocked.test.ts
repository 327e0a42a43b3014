import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDbProcess, ProcessGone, Refused } from '@rivulet/server/src/kernel/sql/duckdb/process.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestDuckDb } from '../support/duckdb.ts'

const duckdb = new TestDuckDb()
const folder = mkdtempSync(join(tmpdir(), 'rivulet-locked-'))
const secret = join(folder, 'secret.csv')
let pid: number | undefined

beforeAll(async () => {
  writeFileSync(secret, 'word\nthe-secret\n')
  await duckdb.run('create table t as select 1 as a')
  pid = duckdb.engine.pid
})

/** Whatever was tried, the engine is the same and answers, and nothing was written. */
afterAll(async () => {
  expect(await duckdb.rows('select a from t', { cell: 'after' })).toEqual([[1]])
  expect(duckdb.engine.pid).toBe(pid)
  expect(readdirSync(folder)).toEqual(['secret.csv'])
  expect(readFileSync(secret, 'utf8')).toBe('word\nthe-secret\n')
  await duckdb[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function refused(source: string): Promise<string> {
  const { message } = await duckdb.refusal(source, { cell: 'hostile' })
  expect(message).not.toContain('the-secret')
  expect(message).not.toMatch(/LINE \d|exception_type|\n {4}at /)
  return message
}

const NO_FILES = /^SQL cells have no files: `?\w+( DATABASE)?`? is off\.$/
const CLOSED = /^SQL cells cannot reach files or the network/
const FIXED = /^The settings of the engine are fixed: .* (is|are) off\.$/
const HIDES = /^`\w+` hides what it reads from the notebook/

describe('statements that may not run say why', () => {
  test.each([
    ["copy t to '/tmp/x.csv'", NO_FILES],
    ["copy t from '/etc/passwd'", NO_FILES],
    ["copy (select 1) to '/tmp/x.parquet' (format parquet)", NO_FILES],
    ['copy from database memory to other', NO_FILES],
    ["export database '/tmp/x'", NO_FILES],
    ["import database '/tmp/x'", NO_FILES],
    ["attach '/tmp/x.db'", /^Other databases cannot be attached/],
    ["attach ':memory:' as z", /^Other databases cannot be attached/],
    ["attach 'postgres://localhost/x' as z (type postgres)", /^Other databases cannot be attached/],
    ['detach memory', /^There is no other database to detach/],
    ['use memory', /^USE is off/],
    ['install httpfs', /^Extensions cannot be installed or loaded/],
    ['force install httpfs from community', /^Extensions cannot be installed or loaded/],
    ['load httpfs', /^Extensions cannot be installed or loaded/],
    ["load '/tmp/x.duckdb_extension'", /^Extensions cannot be installed or loaded/],
    ['update extensions', /^SQL cells cannot run statements of this kind \(UPDATE EXTENSIONS\)/],
    ['set threads = 3', FIXED],
    ["set temp_directory = '/tmp'", FIXED],
    ["set global memory_limit = '100GB'", FIXED],
    ['set enable_external_access = true', FIXED],
    ['set variable x = 1', FIXED],
    ['reset all', FIXED],
    ['reset lock_configuration', FIXED],
    ["pragma memory_limit='100GB'", FIXED],
    ['pragma threads=8', FIXED],
    ['pragma enable_profiling', FIXED],
    ["pragma import_database('/tmp')", FIXED],
    ["pragma json_execute_serialized_sql('x')", FIXED],
    ["call enable_logging(storage='file', storage_path='/tmp/x')", /^CALL is off/],
    ["call pragma_table_info('t')", /^CALL is off/],
    ['checkpoint', /^The engine looks after its tables by itself/],
    ['force checkpoint', /^Extensions cannot|^The engine looks after/],
    ['vacuum', /^The engine looks after its tables by itself/],
    ['analyze t', /^The engine looks after its tables by itself/],
    ['begin', /^A cell is one transaction/],
    ['begin transaction read only', /^A cell is one transaction/],
    ['commit', /^A cell is one transaction/],
    ['rollback', /^A cell is one transaction/],
    ['prepare p as select 1', /^Prepared statements are off/],
    ['execute p', /^Prepared statements are off/],
    ['deallocate p', /^Prepared statements are off/],
    ['create secret s (type http)', /^SQL cells make tables, views and indexes/],
    ["create persistent secret s (type s3, key_id 'x')", /^SQL cells make tables, views and indexes/],
    ['create or replace temporary secret s (type http)', /^SQL cells make tables, views and indexes/],
    ['drop secret s', /^SQL cells make tables, views and indexes/],
    ['create schema other', /^SQL cells make tables, views and indexes/],
    ['drop schema main cascade', /^SQL cells make tables, views and indexes/],
    ['alter database memory set alias to x', /^SQL cells make tables, views and indexes/],
    ['create macro m(x) as x + 1', /create temp macro/],
    ['create or replace function m(x) as x + 1', /create temp function/],
    ['create sequence s', /create temp sequence/],
    ["create type mood as enum ('a')", /create temp type/],
    ["comment on table t is 'x'", /COMMENT are off/],
    ['grant all on t to public', /GRANT, REVOKE and COMMENT are off/],
    ["explain analyze copy t to '/tmp/x.csv'", NO_FILES],
    ["explain analyze attach ':memory:' as z", /^Other databases cannot be attached/],
    ['explain explain analyze checkpoint', /explain|looks after/],
    ['do $$ begin end $$', /^DO is off/],
  ])('%s', async (source, message) => {
    expect(await refused(source)).toMatch(message)
  })
})

describe('files, the network and the environment are out of reach', () => {
  test.each([
    ["from read_csv('/etc/passwd')", NO_FILES],
    [`from read_csv_auto('${secret}')`, NO_FILES],
    [`from "read_csv"('${secret}')`, NO_FILES],
    [`select * from read_text /* between */ ('${secret}')`, NO_FILES],
    ["from read_blob('/etc/shadow')", NO_FILES],
    ["from read_json_auto('/etc/passwd')", NO_FILES],
    ["from parquet_metadata('/etc/passwd')", NO_FILES],
    ["from sniff_csv('/etc/passwd')", NO_FILES],
    ["from glob('/*')", NO_FILES],
    ["from main.glob('/*')", NO_FILES],
    ["from system.main.read_text('/proc/self/environ')", NO_FILES],
    ["from read_text('/dev/stdin')", NO_FILES],
    ["from read_parquet('https://example.org/x.parquet')", NO_FILES],
    ["from read_csv('s3://bucket/x.csv')", NO_FILES],
    [`create temp macro m(x) as table from read_csv(x); from m('${secret}')`, NO_FILES],
    [`create view v as from read_csv('${secret}')`, NO_FILES],
    [`insert into t select 1 from read_csv('${secret}')`, NO_FILES],
    [`from '${secret}'`, CLOSED],
    [`from "${secret}"`, CLOSED],
    ["from 'https://example.org/x.csv'", CLOSED],
    [`select * from range(1) where exists (from '${secret}')`, CLOSED],
    [`create table x as from '${secret}'`, CLOSED],
    [`pivot (from '${secret}') on word using count(*)`, CLOSED],
    [`describe '${secret}'`, /does not exist!|cannot reach/],
    [`summarize '${secret}'`, CLOSED],
    ["from '/proc/self/environ'", /does not exist!/],
    [`from query('from read_csv(''${secret}'')')`, HIDES],
    [`from query_table('${secret}')`, HIDES],
    ["from json_execute_serialized_sql('{}')", HIDES],
    ["from enable_logging(storage = 'file', storage_path = '/tmp/x')", FIXED],
    ['from "ENABLE_LOGGING"()', FIXED],
    ['from enable_profiling()', FIXED],
    ['from disable_logging()', FIXED],
    ["select write_log('x')", FIXED],
    ['from force_checkpoint()', FIXED],
    ["select getenv('HOME')", /getenv does not exist/],
  ])('%s', async (source, message) => {
    expect(await refused(source)).toMatch(message)
  })

  test('the folder for what does not fit into memory is no way out either', async () => {
    const [[temp] = []] = await duckdb.rows("select current_setting('temp_directory')", { cell: 'asks' })
    const [own = ''] = readdirSync(duckdb.tempRoot)
    expect(await refused(`copy t to '${temp}/x.csv'`)).toMatch(NO_FILES)
    expect(await refused(`explain analyze copy t to '${temp}/x.csv'`)).toMatch(NO_FILES)
    expect(await refused(`from glob('${temp}/*')`)).toMatch(NO_FILES)
    expect(await refused(`attach '${temp}/x.db'`)).toMatch(/^Other databases/)
    expect(readdirSync(join(duckdb.tempRoot, own))).toEqual([])
  })

  test('every function of the engine that takes a path, whatever it is called', async () => {
    const named =
      'path|file|directory|storage|glob|^read_|^parquet_|^sniff|^query|logging|profiling|checkpoint|^arrow_scan|execute'
    const rows = await duckdb.page(
      (
        await duckdb.result(
          `select distinct function_name from duckdb_functions() where function_type = 'table' and
           (regexp_matches(function_name, '${named}') or len(list_filter(parameters, x -> regexp_matches(x, 'path|filename|directory'))) > 0)
           order by 1`,
          { cell: 'asks' },
        )
      ).handle,
      { offset: 0, limit: 1_000 },
    )
    const names = rows.rows.map(([name]) => String(name))
    expect(names).toContain('read_csv')
    expect(names.length).toBeGreaterThan(25)
    // These only tell of the engine itself.
    const harmless = new Set([
      'duckdb_profiling_settings',
      'duckdb_external_file_cache',
      'duckdb_temporary_files',
      'pragma_storage_info',
    ])
    for (const name of names.filter((each) => !harmless.has(each))) {
      expect([name, await refused(`from ${name}('${secret}')`)]).toEqual([name, expect.stringMatching(/ is off\.$|hides/)])
    }
  })
})

test('results of other cells are not found by the names of their tables', async () => {
  const { rows } = await duckdb.result("select schema_name from duckdb_schemas() where schema_name like 'rivulet%'", {
    cell: 'asks',
  })
  const [[schema] = []] = rows
  expect(await refused(`drop table ${schema}.r1`)).toBe('Results of other cells are read by their names.')
  expect(await refused(`from "${String(schema).toUpperCase()}".r1`)).toBe('Results of other cells are read by their names.')
})

describe('the process by itself, should what reads the text before it be wrong', () => {
  let bare: DuckDbProcess
  beforeAll(async () => {
    bare = await DuckDbProcess.start({ memoryMb: 128, threads: 1, tempMb: 64, tempRoot: duckdb.tempRoot, sandbox: 'off' })
  })
  afterAll(() => bare.kill('done'))

  async function refusedBare(text: string): Promise<string> {
    const statements = [{ text, parameters: [], rows: 'none' as const }]
    const answer = bare.ask({ kind: 'run', run: text, cell: text, inputs: [], files: [], statements })
    const error: unknown = await answer.then(
      () => new Error(`${text} ran`),
      (reason: unknown) => reason,
    )
    return error instanceof Refused ? error.message : `not refused: ${error}`
  }

  test.each([
    ...[
      "copy (select 1) to '/tmp/x.csv'",
      `copy (select 1) to '${folder}/x.csv'`,
      "export database '/tmp/x'",
      "import database '/tmp/x'",
    ],
    ...[
      `from read_csv('${secret}')`,
      `from read_text('${secret}')`,
      "from glob('/*')",
      `from query('from read_text(''${secret}'')')`,
    ],
    ...["from read_text('/proc/self/environ')", `create temp macro m() as table from read_text('${secret}')`],
    ...["from sniff_csv('/etc/passwd')", "from parquet_schema('/etc/passwd')"],
  ])('%s', async (text) => {
    expect(await refusedBare(text)).toMatch(CLOSED)
  })

  test.each([
    ...[
      "attach ':memory:' as z",
      'detach memory',
      'install httpfs',
      'load httpfs',
      'set threads = 3',
      'reset threads',
      'set variable x = 1',
    ],
    ...[
      'pragma enable_profiling',
      'call enable_logging()',
      'checkpoint',
      'vacuum',
      'begin',
      'commit',
      'prepare p as select 1',
      'use main',
    ],
  ])('%s', async (text) => {
    expect(await refusedBare(text)).toMatch(/^SQL cells cannot run statements of this kind \([A-Z ]+\)\.$/)
  })

  test.each([
    ["from read_parquet('http://127.0.0.1:1/x')", 'File http://127.0.0.1:1/x requires the extension httpfs to be loaded'],
    [
      'select st_point(1, 2)',
      'Scalar Function with name "st_point" is not in the catalog, but it exists in the spatial extension',
    ],
  ])('%s', async (text, message) => {
    expect(await refusedBare(text)).toBe(`${message}: extensions cannot be installed or loaded.`)
  })

  test.each(['select 1; select 2', "select 1; copy (select 1) to '/tmp/x'"])('%s', async (text) => {
    expect(await refusedBare(text)).toBe('These are several statements in one.')
  })

  test('when nothing works any more, the process ends, so that another one takes its place', async () => {
    const broken = await DuckDbProcess.start({ memoryMb: 128, threads: 1, tempMb: 64, tempRoot: duckdb.tempRoot, sandbox: 'off' })
    const run = (text: string) => {
      const statements = [{ text, parameters: [], rows: 'table' as const }]
      return broken.ask({ kind: 'run', run: text, cell: text, inputs: [], files: [], statements })
    }
    await run(`from enable_logging(storage = 'file', storage_path = '${folder}/log')`).catch(() => undefined)
    await expect(run('select 1')).rejects.toBeInstanceOf(ProcessGone)
    expect(broken.exited).toBe(true)
  })
})
