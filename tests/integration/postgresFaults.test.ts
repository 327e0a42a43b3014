import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { parseAddress } from '@rivulet/server/src/connections/address.ts'
import { lookupFor } from '@rivulet/server/src/connections/hosts.ts'
import { tryOut } from '@rivulet/server/src/kernel/sql/postgres/trial.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { READER, usePostgres } from '../support/postgres.ts'
import { TestEngine } from '../support/postgresEngine.ts'

const FLAGS = ['max_connections=12', 'superuser_reserved_connections=3'].flatMap((flag) => ['-c', flag])
const postgres = usePostgres(FLAGS)
const engines: TestEngine[] = []
const servers: Server[] = []

function engine(url = postgres.server.url(), options: ConstructorParameters<typeof TestEngine>[1] = {}): TestEngine {
  const made = new TestEngine(url, options)
  engines.push(made)
  return made
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((each) => each.close()))
  for (const server of servers.splice(0)) server.close()
})

const running = (text: string) => `select 1 from pg_stat_activity where state = 'active' and query like '${text}%'`
const idle = (text: string) => `select 1 where not exists (${running(text)})`

describe('stopping', () => {
  test('reaches the server, at once and in the middle of rows; what other cells have stays', async () => {
    const db = engine()
    const { handle } = await db.result('select 1', { cell: 'other' })
    for (const source of ['select pg_sleep(600)', `select n, repeat('x', 500) from generate_series(1, 100000000) n`]) {
      const { request } = db.request(source, { runId: source })
      const run = expect(db.engine.run(request)).rejects.toMatchObject({ name: 'RunCancelled' })
      await postgres.server.until(running(source.slice(0, 15)))
      await db.engine.cancel(source)
      await run
      await postgres.server.until(idle(source.slice(0, 15)))
    }
    expect(await db.engine.page(handle, { offset: 0, limit: 1 })).toEqual({ rows: [[1]], total: 1 })
    expect(await db.rows('select 2')).toEqual([[2]])
  })

  test('of a run that waits for the one before', async () => {
    const db = engine()
    const first = expect(db.run('select pg_sleep(600)', { runId: 'first' })).rejects.toMatchObject({ name: 'RunCancelled' })
    const second = expect(db.run('select 2', { runId: 'second' })).rejects.toMatchObject({ name: 'RunCancelled' })
    await db.engine.cancel('second')
    await second
    await db.engine.cancel('first')
    await first
  })

  test('of a run that waits for a connection, which others get', async () => {
    const db = engine(undefined, { max: 1 })
    const lease = await db.pool.lease()
    const waiting = expect(db.run('select 1', { runId: 'waits' })).rejects.toMatchObject({ name: 'RunCancelled' })
    await db.engine.cancel('waits')
    await waiting
    lease.release('clean')
    expect(await db.rows('select 2')).toEqual([[2]])
  })

  test('deleting the cell ends its run, and closing the notebook all of them', async () => {
    const db = engine()
    const run = expect(db.run('select pg_sleep(600)', { cell: 'gone' })).rejects.toMatchObject({ name: 'RunCancelled' })
    await postgres.server.until(running('select pg_sleep'))
    await db.engine.forget('gone')
    await run
    const other = expect(db.run('select pg_sleep(601)')).rejects.toMatchObject({ name: 'EngineGone' })
    await postgres.server.until(running('select pg_sleep(601)'))
    await db.engine.dispose()
    await other
    await postgres.server.until(idle('select pg_sleep'))
  })
})

describe('a server that is not there as it should be', () => {
  test('a statement that takes too long is ended by the server', async () => {
    const { error } = await engine(undefined, { statementMs: 100 }).refusal('select pg_sleep(600)')
    expect(error).toMatchObject({ code: '57014' })
    expect(error.message).toContain('took longer than')
  })

  test('the connection is lost in the middle of a query: an error, and the next run has another', async () => {
    const db = engine()
    const lost = db.refusal('select pg_sleep(602)')
    await postgres.server.until(running('select pg_sleep(602)'))
    await postgres.server.admin(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(602)%'`)
    expect((await lost).error.message).toContain('The connection to PostgreSQL was lost.')
    expect(await db.rows('select 2')).toEqual([[2]])
  })

  test('connections that the server has closed while nobody used them are not noticed', async () => {
    const db = engine()
    await db.rows('select 1')
    await postgres.server.admin(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'`)
    expect(await db.rows('select 2')).toEqual([[2]])
  })

  test('the server is started anew: a run meanwhile says that nothing is there, a later one works', async () => {
    const db = engine()
    const { handle } = await db.result('select 1 as kept', { cell: 'kept' })
    const lost = db.refusal('select pg_sleep(603)')
    await postgres.server.until(running('select pg_sleep(603)'))
    await postgres.server.stop()
    expect((await lost).error.message).toContain('The connection to PostgreSQL was lost.')
    expect((await db.refusal('select 1')).error).toMatchObject({ code: 'ECONNREFUSED' })
    expect(await db.engine.page(handle, { offset: 0, limit: 1 })).toMatchObject({ rows: [[1]] })
    await postgres.server.start(FLAGS)
    expect(await db.rows('select 2')).toEqual([[2]])
  })

  test('too many connections', async () => {
    const greedy = engine(undefined, { max: 20 })
    const leases = []
    try {
      for (;;) leases.push(await greedy.pool.lease())
    } catch (error) {
      expect(error).toMatchObject({
        code: '53300',
        message: expect.stringContaining('Other programs hold all of its connections'),
      })
    } finally {
      for (const lease of leases) lease.release('broken')
    }
    expect(leases.length).toBeGreaterThan(5)
  })

  test.each([
    [
      'wrong password',
      () => postgres.server.url({ ...READER, password: 'secret-that-is-wrong' }),
      '28P01',
      'Check the user and the password',
    ],
    [
      'no such user',
      () => postgres.server.url({ user: 'nobody', password: 'secret-that-is-wrong' }),
      '28P01',
      'Check the user and the password',
    ],
    ['no such database', () => postgres.server.url(READER, 'nothing?sslmode=disable'), '3D000', 'Check the name of the database'],
    ['no TLS there', () => postgres.server.url(READER, 'shop?sslmode=require'), undefined, 'The server has no TLS'],
  ])('%s', async (_, url, code, sentence) => {
    const { error } = await engine(url()).refusal('select 1')
    expect(error).toMatchObject({ code, message: expect.stringContaining(sentence) })
    expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(/secret-that-is-wrong|wörd/)
  })

  test('TLS is done without where nobody demands it', async () => {
    expect(await engine(postgres.server.url(READER, 'shop')).rows('select 1')).toEqual([[1]])
  })
})

describe('sizes', () => {
  test('a row that is too large is an error of its own', async () => {
    const db = engine()
    const { error } = await db.refusal(`select repeat('x', 80000000)`)
    expect(error.message).toContain('One row of the result has more than 64 MB')
    expect(await db.rows('select 2')).toEqual([[2]])
  })

  test('rows that grow come in smaller batches', async () => {
    const db = engine()
    const { total } = await db.result(`select repeat('x', n * 20000) as x from generate_series(1, 100) n`)
    expect(total).toBe(100)
  })
})

describe('more than memory holds', () => {
  test('a sort for which the server has no room fails there and says so; the next query runs', async () => {
    // For sessions that begin now.
    await postgres.server.admin(`alter role ${READER.user} set temp_file_limit = '4MB'`)
    const db = engine()
    const { error } = await db.refusal('select md5(n::text) as m from generate_series(1, 1000000) n order by 1')
    expect(error).toMatchObject({ code: '53400', message: expect.stringMatching(/temporary file size exceeds/i) })
    await postgres.server.admin(`alter role ${READER.user} reset temp_file_limit`)
    expect(await db.rows('select 2')).toEqual([[2]])
  })

  test('a result of 1 GB: its first rows, its last ones, and neither this process nor the engine holds it', async () => {
    const db = engine(undefined, { duckdb: { memoryMb: 256, tempMb: 4_096 } })
    const before = process.memoryUsage().rss
    let [here, there] = [0, 0]
    const watch = setInterval(() => {
      here = Math.max(here, process.memoryUsage().rss - before)
      if (db.embedded.engine.pid !== undefined) there = Math.max(there, db.embedded.residentMb())
    }, 20)
    const { handle, total, rows } = await db.result(`select n, repeat(md5(n::text), 320) as s from generate_series(1, 105000) n`)
    clearInterval(watch)
    expect([total, rows.length, rows[0]?.[0]]).toEqual([105_000, 100, 1])
    expect((await db.engine.page(handle, { offset: 104_999, limit: 5 }))?.rows).toMatchObject([[105_000, expect.any(String)]])
    expect(here).toBeLessThan(500 * 2 ** 20)
    expect(there).toBeLessThan(1_000)
  }, 120_000)
})

/** Talks to whoever connects as it likes. */
async function impostor(talk: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    talk(socket)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `postgresql://someone:some-password@127.0.0.1:${(server.address() as AddressInfo).port}/x`
}

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}
const OK = message('R', Buffer.alloc(4))
const READY = message('Z', Buffer.from('I'))

describe('a server that is no PostgreSQL', () => {
  const tried = async (talk: (socket: Socket) => void) => {
    const address = parseAddress(`${await impostor(talk)}?sslmode=disable`)
    return await tryOut({ address, lookup: lookupFor('any') }, { readOnly: true, statementMs: 1_000 })
  }
  const answering =
    (...answers: Buffer[]) =>
    (socket: Socket) => {
      socket.on('data', () => socket.write(Buffer.concat(answers)))
    }

  test.each([
    ['says what it likes', answering(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
    ['hangs up', (socket: Socket) => void socket.end()],
    ['sends rows that nobody asked for', answering(OK, READY, message('D', Buffer.from([0, 1, 0, 0, 0, 1, 65])))],
    ['sends rows that are none', answering(OK, READY, message('D', Buffer.from([0xff, 0xff])))],
    ['wants data', answering(OK, READY, message('G', Buffer.from([0, 0, 0])))],
    ['sends the columns of nothing', answering(OK, READY, message('T', Buffer.from([0, 9])))],
    ['announces more than there is room for', answering(Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff]))],
    ['says nothing of a length', answering(Buffer.from([0x44, 0, 0, 0, 0]))],
    ['wants the password as no method does', answering(message('R', Buffer.from([0, 0, 0, 99])))],
    ['gives an error of its own', answering(message('E', Buffer.from('SFATAL\0C28000\0Mgo away\0\0')))],
  ])('%s: an answer, and this process lives', async (_, talk) => {
    const trial = await tried(talk)
    expect(trial).toMatchObject({ ok: false })
    expect(JSON.stringify(trial)).not.toContain('some-password')
  })

  test('over a cut line', async () => {
    const url = await impostor((socket) => {
      const through = connect(postgres.server.port, '127.0.0.1')
      through.on('error', () => undefined)
      let seen = 0
      through.on('data', (bytes: Buffer) => {
        seen += bytes.length
        // In the middle of the rows.
        if (seen > 200_000) socket.destroy()
        else socket.write(bytes)
      })
      socket.on('data', (bytes: Buffer) => through.write(bytes)).on('close', () => through.destroy())
    })
    const port = new URL(url).port
    const db = engine(postgres.server.url().replace(`:${postgres.server.port}/`, `:${port}/`))
    const { error } = await db.refusal('select n from generate_series(1, 1000000) n')
    expect(error.message).toContain('The connection to PostgreSQL was lost.')
  })

  test('over a line that goes dead: Stop ends the run all the same', async () => {
    let dead = false
    const url = await impostor((socket) => {
      const through = connect(postgres.server.port, '127.0.0.1')
      through.on('error', () => undefined).on('data', (bytes: Buffer) => !dead && socket.write(bytes))
      socket.on('data', (bytes: Buffer) => !dead && through.write(bytes)).on('close', () => through.destroy())
    })
    const db = engine(postgres.server.url().replace(`:${postgres.server.port}/`, `:${new URL(url).port}/`))
    const run = expect(db.run('select pg_sleep(605)', { runId: 'dead' })).rejects.toMatchObject({ name: 'RunCancelled' })
    await postgres.server.until(running('select pg_sleep(605)'))
    dead = true
    await db.engine.cancel('dead')
    await run
  })
})

test('a pool that is closed still serves who waits for it', async () => {
  const db = engine(undefined, { max: 1 })
  const lease = await db.pool.lease()
  const waiting = [db.pool.lease(), db.pool.lease()].map(async (each) => (await each).release('clean'))
  const ended = db.pool.end()
  lease.release('clean')
  await Promise.all([...waiting, ended])
})

test('many who come at once where there is no TLS, which nobody demands', async () => {
  const db = engine(postgres.server.url(READER, 'shop'), { max: 1 })
  await Promise.all(Array.from({ length: 5 }, async () => (await db.pool.lease()).release('clean')))
})
