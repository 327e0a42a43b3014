import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nativeBinding } from '@rivulet/server/src/kernel/sql/duckdb/bundle.ts'
import { commandFor } from '@rivulet/server/src/kernel/sql/duckdb/sandbox.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { TestDuckDb } from '../support/duckdb.ts'
import { until } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'rivulet-process-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

describe('the walls around the process', () => {
  /** Runs where the engine would, and tells what it sees. */
  const probe = `
    const fs = require('node:fs'), net = require('node:net')
    const tried = (work) => { try { return String(work()) } catch (error) { return error.code ?? error.message } }
    const seen = {
      secret: tried(() => fs.readFileSync(process.env.SECRET ?? ${JSON.stringify(join(folder, 'secret'))}, 'utf8')),
      passwd: tried(() => fs.readFileSync('/etc/passwd', 'utf8').length > 0),
      own: tried(() => { fs.writeFileSync(process.argv[3] + '/x', 'x'); return 'written' }),
      usr: tried(() => { fs.writeFileSync('/usr/lib/x', 'x'); return 'written' }),
      processes: fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length,
      environment: Object.keys(process.env).filter((name) => name !== 'PWD').join(),
    }
    const socket = net.connect(Number(process.argv[4]), '127.0.0.1')
    const end = (network) => { socket.destroy(); console.log(JSON.stringify({ ...seen, network })) }
    socket.on('connect', () => end('open')).on('error', (error) => end(error.code))`

  async function look(wanted: 'auto' | 'off') {
    const script = join(folder, 'probe.cjs')
    const tempDir = mkdtempSync(join(folder, 'temp-'))
    writeFileSync(script, probe)
    writeFileSync(join(folder, 'secret'), 'the-secret')
    const listener = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => listener.once('listening', resolve))
    const address = listener.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      const contents = { script, binding: nativeBinding(), tempDir, addressMb: 4_096, fileMb: 16 }
      const { file, args, sandbox, tempDir: seen } = await commandFor(contents, wanted)
      const { stdout } = await promisify(execFile)(file, [...args, seen, String(port)], { env: {} })
      expect(readFileSync(join(tempDir, 'x'), 'utf8')).toBe('x')
      return { sandbox, seen: JSON.parse(stdout) as Record<string, unknown> }
    } finally {
      listener.close()
    }
  }

  test('inside bubblewrap, where it works: no files, no network, no processes, no environment; elsewhere it is said that there are none', async () => {
    const { sandbox, seen } = await look('auto')
    if (sandbox === 'bubblewrap') {
      expect(seen).toMatchObject({
        secret: 'ENOENT',
        passwd: 'ENOENT',
        own: 'written',
        usr: 'EROFS',
        environment: '',
        network: 'ECONNREFUSED',
      })
      expect(seen.processes).toBeLessThan(5)
    } else expect(seen).toMatchObject({ own: 'written', environment: '', network: 'open' })
  })

  test('the operator may do without, and may insist', async () => {
    expect((await look('off')).sandbox).toBe('process')
    await using duckdb = new TestDuckDb({ sandbox: 'off' })
    await duckdb.run('select 1')
    expect(duckdb.engine.sandbox).toBe('process')
    await using strict = new TestDuckDb({ sandbox: 'required' })
    const ended = await strict.run('select 1').then(
      () => strict.engine.sandbox,
      (error: unknown) => String(error),
    )
    expect(ended).toMatch(/^bubblewrap$|SQL_SANDBOX is “required”/)
  })

  test('it gives way to the server, and has limits', async () => {
    await using duckdb = new TestDuckDb()
    await duckdb.run('select 1')
    const pid = duckdb.pids().at(-1)
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    expect(fields.split(' ')[16]).toBe('10')
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8')
    expect(limits).toMatch(/^Max address space\s+\d+\s+\d+/m)
    expect(limits).toMatch(/^Max file size\s+\d+\s+\d+/m)
    expect(limits).toMatch(/^Max core file size\s+0\s+0/m)
  })
})

describe('processes and folders that are left over', () => {
  test('a server that is killed leaves no process behind, and the next one removes its folders', async () => {
    const tempRoot = join(folder, 'sql')
    const script = join(import.meta.dirname, '../support/duckdbThatDies.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, tempRoot], { stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout.on('data', (chunk) => (printed += chunk))
    await until(() => printed.includes('\n'))
    const pids = JSON.parse(printed) as number[]
    expect(pids.every(isAlive)).toBe(true)
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    await until(() => !pids.some(isAlive))
    const left = readdirSync(tempRoot)
    expect(left).toHaveLength(2)

    const others = [`${process.ppid}-0123456789abcdef`, 'something-else']
    for (const name of others) mkdirSync(join(tempRoot, name))
    await using duckdb = new TestDuckDb({ tempRoot })
    await duckdb.run('select 1')
    const now = readdirSync(tempRoot)
    expect(now).toEqual(expect.arrayContaining(others))
    expect(now.filter((name) => left.includes(name))).toEqual([])
    expect(now).toHaveLength(3)
  }, 60_000)
})

describe('the spare', () => {
  test('is started when SQL is near, taken by the first that needs it, and replaced', async () => {
    const tempRoot = join(folder, 'spare')
    await using duckdb = new TestDuckDb({ tempRoot, warmSpare: true })
    expect(existsSync(tempRoot)).toBe(false)
    duckdb.pool.warm()
    duckdb.pool.warm()
    await until(() => existsSync(tempRoot) && readdirSync(tempRoot).length === 1)
    const [spare = ''] = readdirSync(tempRoot)
    await duckdb.run('select 1')
    await until(() => readdirSync(tempRoot).length === 2)
    await duckdb.engine.dispose()
    expect(readdirSync(tempRoot)).toEqual([expect.not.stringMatching(spare)])
    await duckdb.pool.disposeAll()
    expect(readdirSync(tempRoot)).toEqual([])
    await expect(duckdb.run('select 1')).rejects.toMatchObject({ name: 'EngineGone' })
  })
})

test('the engine itself has its limits of memory, threads and disk', async () => {
  await using duckdb = new TestDuckDb({ memoryMb: 300, threads: 1, tempMb: 70 })
  const settings = ['memory_limit', 'threads', 'max_temp_directory_size'].map((name) => `current_setting('${name}')::text`)
  expect(await duckdb.rows(`select ${settings.join(', ')}`)).toEqual([['300.0 MiB', '1', '70.0 MiB']])
})
