import { join } from 'node:path'
import { damageOf } from '@rivulet/db/backup'
import type { Notebook } from '@rivulet/server/notebook/model'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { Client } from '../support/connection.ts'
import { Person } from '../support/load.ts'
import { descendantsOf, stillRunning } from '../support/processes.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower } from '../support/testServer.ts'

/**
 * The program killed again and again while several people write and cells run, always on the same data.
 * `CRASHES=100 pnpm test tests/integration/crashes.test.ts` for a long run, `SEED=…` for other moments.
 */
const CRASHES = Number(process.env.CRASHES ?? 4)
const PEOPLE = 3
const ENDLESS = 'let n = 0; for (;;) { console.log(n++); await new Promise((go) => setTimeout(go, 5)) }'

const data = temporaryFolder()
afterAll(() => data.remove())
const env = { DATA_DIR: data.path, RATE_LIMIT_PER_MINUTE: '1000000' }

/** After how many answers each life ends: some at once, some under way, the same for the same seed. */
const moments = fc.sample(fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 10, max: 120 })), {
  numRuns: CRASHES,
  seed: Number(process.env.SEED ?? 20261125),
})

const stateOf = (notebook: Notebook, cellId: string) => notebook.cells.find((cell) => cell.id === cellId)

/** One of the cells begins to run, and the engine of the other answers: the server has kernels to leave behind. */
async function startRuns(
  server: ServerProcess,
  client: Client,
  token: string,
  { id, cellIds }: { id: string; cellIds: string[] },
) {
  const follower = new Follower(server.ws(token, { retryDelayMs: () => 60_000 }).client, id)
  await follower.snapshot()
  const { runIds } = await client.runCells.mutate({ notebookId: id, cellIds })
  await Promise.all([follower.started(runIds[0] ?? ''), follower.finished(runIds[1] ?? '')])
  return follower
}

/** Everything that was acknowledged is there, and what was in doubt has happened once or not at all. */
function checkKnown(person: Person, notebook: Notebook): void {
  const { cellId, version, source, made, inDoubt } = person.known
  const cell = stateOf(notebook, cellId)
  const mayBe = [
    { version, source },
    ...(inDoubt?.source === undefined ? [] : [{ version: version + 1, source: inDoubt.source }]),
  ]
  expect(mayBe).toContainEqual({ version: cell?.version, source: cell?.source })
  for (const id of made) expect(stateOf(notebook, id), id).toBeDefined()
}

/** Sends again what was answered, and what was not: the first gets its answer, the second happens now unless it has. */
async function repeat(person: Person, client: Client): Promise<void> {
  for (const { send, answer } of person.acknowledged) expect(await send(client)).toEqual(answer)
  const { inDoubt } = person.known
  if (!inDoubt) return
  const first = await inDoubt.asked.send(client)
  expect(await inDoubt.asked.send(client)).toEqual(first)
  const { version, cellId } = first as { version?: number; cellId?: string }
  if (inDoubt.source !== undefined) {
    expect(version).toBe(person.known.version + 1)
    Object.assign(person.known, { version, source: inDoubt.source })
  } else person.known.made.add(cellId ?? '')
  person.known.inDoubt = undefined
}

test(
  `[D1] [C5] killed ${CRASHES} times under load: nothing acknowledged is lost, nothing happens twice, no process is left`,
  async () => {
    let server = await ServerProcess.start(env)
    const { cookie, token } = await server.guest()
    let client = server.http(token)
    const { id } = await client.createNotebook.mutate({ title: 'Killed' })
    const insert = (language: 'typescript' | 'sql', source: string) => ({ insert: { language, source } })
    const edits = [insert('typescript', ENDLESS), insert('sql', 'select 1')]
    const { cellIds } = await client.applyEdits.mutate({ notebookId: id, edits, run: false })
    const people: Person[] = []
    for (let n = 0; n < PEOPLE; n += 1) {
      const { cellId } = await client.insertCell.mutate({ notebookId: id, language: 'typescript' })
      people.push(new Person(id, cellId))
    }
    const atFirst = (await client.getNotebook.query({ id })).cells.length
    let acknowledged = 0
    for (const [round, moment] of moments.entries()) {
      // Most lives end whenever they end; some only once a kernel and an engine are at work for certain.
      const running = round % 4 === 0
      const token = await server.token(cookie)
      const follower = running ? await startRuns(server, client, token, { id, cellIds }) : undefined
      if (!running) await client.runCells.mutate({ notebookId: id, cellIds })
      let left = moment
      let children: number[] = []
      let killed: Promise<unknown> | undefined
      await Promise.all(
        people.map((person) =>
          person.workUntilGone(client, () => {
            acknowledged += 1
            left -= 1
            if (left !== 0) return
            children = descendantsOf(server.pid)
            killed = server.kill('SIGKILL')
          }),
        ),
      )
      expect(await killed).toBe('SIGKILL')
      follower?.stop()
      await server.closeSockets()
      if (running) expect(children.length).toBeGreaterThanOrEqual(2)
      await expect.poll(() => stillRunning(children), { timeout: 60_000 }).toEqual([])

      server = await ServerProcess.start(env)
      client = server.http(await server.token(cookie))
      const sqlite = new Sqlite(join(data.path, 'rivulet.db'), { readonly: true })
      expect(damageOf(sqlite)).toBeUndefined()
      sqlite.close()
      const notebook = await client.getNotebook.query({ id })
      for (const person of people) checkKnown(person, notebook)
      for (const cell of notebook.cells) expect(cell.status).toBe('idle')
      expect(stateOf(notebook, cellIds[0] ?? '')).toMatchObject({
        stale: true,
        result: { kind: 'interrupted', reason: 'the server was restarted' },
      })
      for (const person of people) await repeat(person, client)
      const made = people.reduce((sum, person) => sum + person.known.made.size, 0)
      // No cell twice, none too few.
      expect((await client.getNotebook.query({ id })).cells).toHaveLength(atFirst + made)
    }
    expect(await server.kill('SIGTERM')).toBe(0)
    console.log(`${CRASHES} crashes, ${acknowledged} acknowledged mutations, none lost`)
  },
  60_000 + CRASHES * 60_000,
)
