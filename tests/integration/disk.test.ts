import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { damageOf } from '@rivulet/db/backup'
import { openDatabase } from '@rivulet/db/client'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { upload } from '../support/files.ts'
import { TestIssuer } from '../support/issuer.ts'
import { descendantsOf } from '../support/processes.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { failedStart, ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower, problemOf } from '../support/testServer.ts'

/** A disk that takes nothing more, and one that has lost something; the program in a process of its own. */

let data: ReturnType<typeof temporaryFolder>
let path: string
beforeEach(() => {
  data = temporaryFolder()
  path = join(data.path, 'rivulet.db')
})
afterEach(() => data.remove())

/** From now on the process cannot make any file longer than that, as if the disk were full; `prlimit` is Linux's. */
function allowFiles(pid: number, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
}

test.runIf(process.platform === 'linux')(
  '[C7] [D1] a full disk: writing is refused and says so, reading goes on, and with room it works again by itself',
  async () => {
    const server = await ServerProcess.start({ DATA_DIR: data.path })
    const { token, cookie } = await server.guest()
    const newcomer = await server.guest()
    await server.http(newcomer.token).whoami.query()
    const client = server.http(token)
    await client.listNotebooks.query()
    const { id } = await client.createNotebook.mutate({ title: 'Full' })
    const other = await client.createNotebook.mutate({ title: 'Not open' })
    const insert = (source: string) => client.insertCell.mutate({ notebookId: id, language: 'markdown', source })
    await insert('before')
    const follower = new Follower(server.ws(token).client, id)
    const first = await follower.snapshot()

    allowFiles(server.pid, 0)
    for (let n = 0; n < 3; n += 1)
      expect(await problemOf(insert(`lost ${n} ${'x'.repeat(100_000)}`))).toMatchObject({
        kind: 'unavailable',
        reason: 'storage',
      })
    const storage = { kind: 'unavailable', reason: 'storage' }
    expect(await problemOf(client.createNotebook.mutate({ title: 'Lost' }))).toMatchObject(storage)
    expect(await problemOf(client.deleteNotebook.mutate({ id: other.id }))).toMatchObject(storage)
    // Somebody who was never here has no demo notebook yet, and cannot get one now.
    expect(await problemOf(server.http(newcomer.token).getNotebook.query({ id: 'demo' }))).toMatchObject(storage)
    const never = new Follower(server.ws(newcomer.token).client, 'demo')
    expect(await problemOf(never.snapshot())).toMatchObject(storage)
    expect(await client.getNotebook.query({ id })).toEqual(first)
    expect((await client.getNotebook.query({ id: other.id })).title).toBe('Not open')
    expect((await client.listNotebooks.query()).map((row) => row.title)).toContain('Full')
    const late = new Follower(server.ws(token).client, id)
    expect((await late.snapshot()).rev).toBe(first.rev)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^rivulet_saves_failed_total [1-9]/m)
    expect(server.output.stderr).toMatch(/SQLITE_(IOERR|FULL)/)

    allowFiles(server.pid, 'unlimited')
    const { rev } = await insert('after')
    expect(rev).toBe(first.rev + 1)
    await Promise.all([follower.reached(rev), late.reached(rev)])
    const stored = await client.getNotebook.query({ id })
    expect(stored.cells.map(({ source }) => source)).toEqual(['before', 'after'])
    expect(follower.state()).toEqual(stored)
    for (const one of [follower, late]) one.stop()
    await server.closeSockets()
    await server.kill('SIGKILL')

    const again = await ServerProcess.start({ DATA_DIR: data.path })
    expect(await again.http(await again.token(cookie)).getNotebook.query({ id })).toEqual(stored)
    expect(await again.kill('SIGTERM')).toBe(0)
    const file = new Sqlite(path, { readonly: true })
    expect(damageOf(file)).toBeUndefined()
    file.close()
  },
  90_000,
)

test.runIf(process.platform === 'linux')(
  '[C7] [D1] a full disk after a crash: what ran then has not ended, and ends by itself once there is room',
  async () => {
    const server = await ServerProcess.start({ DATA_DIR: data.path })
    const { token, cookie } = await server.guest()
    const follower = new Follower(server.ws(token).client, 'blank')
    const { id: notebookId } = await follower.snapshot()
    const edits = ['await new Promise(() => {})\nconst a = 1', 'a'].map((source) => ({
      insert: { language: 'typescript' as const, source },
    }))
    const { runIds, cellIds } = await server.http(token).applyEdits.mutate({ notebookId, edits, run: true })
    await follower.started(runIds[0] ?? '')
    follower.stop()
    await server.closeSockets()
    await server.kill('SIGKILL')

    const again = await ServerProcess.start({ DATA_DIR: data.path })
    const renewed = await again.token(cookie)
    const client = again.http(renewed)
    const [first = '', second = ''] = cellIds
    allowFiles(again.pid, 0)
    const late = new Follower(again.ws(renewed).client, notebookId)
    expect((await late.snapshot()).cells.map(({ status }) => status)).toEqual(['running', 'queued'])
    for (const call of [client.runCell.mutate({ notebookId, cellId: first }), client.interrupt.mutate({ notebookId })])
      expect(await problemOf(call)).toMatchObject({ kind: 'unavailable', reason: 'storage' })

    allowFiles(again.pid, 'unlimited')
    for (const runId of runIds) expect(await late.finished(runId)).toMatchObject({ result: { kind: 'interrupted' } })
    expect(late.state()).toEqual(await client.getNotebook.query({ id: notebookId }))
    await client.editCell.mutate({ notebookId, cellId: first, baseVersion: 1, source: 'const a = 2' })
    const next = await client.runCell.mutate({ notebookId, cellId: second })
    expect(next.cellIds).toEqual([first, second])
    for (const runId of next.runIds) expect(await late.finished(runId)).toMatchObject({ result: { kind: 'ok' } })
    late.stop()
    await again.closeSockets()
    expect(await again.kill('SIGTERM')).toBe(0)
  },
  90_000,
)

test.runIf(process.platform === 'linux')(
  '[C7] [S14] a kernel that dies while the disk is full takes none of the runs with it that the next one has been asked for',
  async () => {
    const server = await ServerProcess.start({ DATA_DIR: data.path })
    const { token } = await server.guest()
    const client = server.http(token)
    const follower = new Follower(server.ws(token).client, 'blank')
    const { id: notebookId } = await follower.snapshot()
    const cell = (source: string) => ({ insert: { language: 'typescript' as const, source } })
    const { cellIds } = await client.applyEdits.mutate({
      notebookId,
      edits: [cell('await new Promise(() => {})'), cell('1 + 1')],
    })
    const [first = '', second = ''] = cellIds
    const { runId: cut } = await client.runCell.mutate({ notebookId, cellId: first })
    await follower.started(cut)

    allowFiles(server.pid, 0)
    const failed = () => server.output.stderr.split('saving a decision').length
    const before = failed()
    for (const pid of descendantsOf(server.pid)) process.kill(pid, 'SIGKILL')
    // Once for its end, and once more a second later: what comes now comes before the next time.
    await vi.waitUntil(() => failed() > before + 1, { timeout: 10_000 })
    allowFiles(server.pid, 'unlimited')
    const { runId } = await client.runCell.mutate({ notebookId, cellId: second })
    expect(await follower.finished(runId)).toMatchObject({ result: { kind: 'ok' } })
    expect(await follower.finished(cut)).toMatchObject({ result: { kind: 'error', error: { kind: 'kernel-died' } } })
    follower.stop()
    await server.closeSockets()
    expect(await server.kill('SIGTERM')).toBe(0)
  },
  90_000,
)

test.runIf(process.platform === 'linux')(
  '[C7] a full disk, and somebody who was never here: told so over every transport, and welcome once there is room',
  async () => {
    const issuer = await TestIssuer.start()
    const TRUSTED_ISSUERS = JSON.stringify([issuer.entry])
    const server = await ServerProcess.start({ DATA_DIR: data.path, TRUSTED_ISSUERS, LOG_LEVEL: 'error' })
    const tokens = await Promise.all(['ada', 'bob', 'eve', 'mia'].map((name) => issuer.token(name)))
    const [overHttp = '', streaming = '', onSocket = '', uploading = ''] = tokens
    const storage = { kind: 'unavailable', reason: 'storage' }
    const file = { url: server.url, token: uploading, notebookId: 'demo', name: 'a.csv' }
    const firstAnswer = async () => {
      const socket = await RawSocket.open(server.url, { params: { token: onSocket } })
      socket.send({ id: 1, method: 'query', params: { path: 'whoami' } })
      const { error, result } = await socket.until(() => true)
      socket.close()
      return error?.data.problem ?? result?.data
    }

    allowFiles(server.pid, 0)
    expect(await problemOf(server.http(overHttp).whoami.query())).toMatchObject(storage)
    const follower = new Follower(
      server.sse(() => streaming),
      'demo',
    )
    const stream = `${server.url}/trpc/notebook?input=${encodeURIComponent('{"id":"demo"}')}`
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${streaming}` }
    expect(await (await fetch(stream, { headers })).text()).toContain('"problem":{"kind":"unavailable","reason":"storage"}')
    expect(await firstAnswer()).toMatchObject(storage)
    expect(await upload(file, 'n\n1\n')).toMatchObject({ status: 503, problem: storage })
    expect((await server.auth('sign-in/anonymous', {})).status).toBeGreaterThanOrEqual(500)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect(server.output.stderr).toMatch(/SQLITE_(IOERR|FULL)/)

    allowFiles(server.pid, 'unlimited')
    expect((await server.http(overHttp).whoami.query()).name).toBe('ada')
    // Over server-sent events the client has tried again by itself.
    expect((await follower.snapshot()).kind).toBe('demo')
    follower.stop()
    expect(await firstAnswer()).toMatchObject({ name: 'eve' })
    expect(await upload(file, 'n\n1\n')).toMatchObject({ status: 200 })
    expect((await server.auth('sign-in/anonymous', {})).status).toBe(200)
    await server.kill('SIGKILL')
    issuer.close()
  },
  90_000,
)

describe('a damaged database: the program does not start, says what to do, and leaves the file as it is', () => {
  const DAMAGES: Record<string, () => void> = {
    'that was cut short': () => truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096),
    'whose first page is overwritten': () => overwrite(100, 3_996),
    'whose head is gone': () => overwrite(0, 4_096),
  }

  function overwrite(at: number, length: number): void {
    const bytes = readFileSync(path)
    bytes.fill(0xa5, at, at + length)
    writeFileSync(path, bytes)
  }

  test.each(Object.entries(DAMAGES))(
    '%s',
    async (_, damage) => {
      openDatabase(path).close()
      damage()
      const before = readFileSync(path)
      const { code, stdout, stderr } = await failedStart({ DATA_DIR: data.path, PORT: '0' })
      expect(code).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toMatch(
        /is not a database, or is damaged \([^)]+\). It was left as it is. Restore a backup with: pnpm db:restore <file>/,
      )
      expect(stderr).toContain(path)
      expect(readFileSync(path).equals(before)).toBe(true)
    },
    60_000,
  )
})
