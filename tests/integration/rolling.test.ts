import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { damageOf } from '@rivulet/db/backup'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { Author } from '../support/author.ts'
import { FaultyLine } from '../support/faultyLine.ts'
import { Ledger } from '../support/ledger.ts'
import { descendantsOf, stillRunning } from '../support/processes.ts'
import { Chance, SEED } from '../support/random.ts'
import { Traveller } from '../support/traveller.ts'
import { useTrustedServer } from '../support/trusted.ts'

/** The program replaced by itself again and again, as in an upgrade, while several people write and read and cells run. */
const RESTARTS = Number(process.env.RESTARTS ?? 3)
const AUTHORS = 3

// What runs for ever is not waited for long; the rest of the ten seconds is the server's own.
const server = useTrustedServer({ STOP_GRACE_SECONDS: '1' })

/** Somebody who writes in a notebook of their own, and two who read it there. */
async function group(name: string, chance: Chance) {
  const token = await server.token(name)
  const client = () => server.http(token)
  const { id: notebookId } = await client().createNotebook.mutate({ title: 'Faults' })
  const line = await FaultyLine.to(() => server.url)
  const ledger = new Ledger()
  const readers = [1, 2].map(
    (n) => new Traveller({ url: line.url, notebookId, token: async () => token, ledger, name: `${name} ${n}` }),
  )
  await Promise.all(readers.map((reader) => reader.until(() => reader.state !== undefined)))
  return { client, notebookId, line, ledger, readers, author: new Author(client, notebookId, chance) }
}

test(
  `[D5] [C4] [C5] ${RESTARTS} restarts under load: each ends in time by itself, loses nothing, repeats nothing, and readers go on where they were`,
  async () => {
    console.log(`SEED=${SEED} RESTARTS=${RESTARTS}`)
    const groups = await Promise.all(Array.from({ length: AUTHORS }, (_, n) => group(`author ${n}`, new Chance(SEED + n))))
    const [first] = groups
    if (!first) throw new Error('nobody writes')
    const endless = await first.client().createNotebook.mutate({ title: 'Endless' })
    const source = 'for (;;) await new Promise((go) => setTimeout(go, 10))'
    const loop = { insert: { language: 'typescript' as const, source } }
    const { cellIds } = await first.client().applyEdits.mutate({ notebookId: endless.id, edits: [loop], run: false })
    const working = groups.map(({ author }) => author.work(5))
    const inLoop = async () => (await first.client().getNotebook.query({ id: endless.id })).cells[0]

    for (let restart = 0; restart < RESTARTS; restart += 1) {
      await first.client().runCell.mutate({ notebookId: endless.id, cellId: cellIds[0] ?? '' })
      await expect.poll(async () => (await inLoop())?.status, { timeout: 30_000 }).toBe('running')
      const before = groups.map(({ author }) => author.answered)
      await expect
        .poll(() => groups.every(({ author }, n) => author.answered > (before[n] ?? 0) + 10), { timeout: 60_000 })
        .toBe(true)
      const children = descendantsOf(server.pid)
      expect(children.length).toBeGreaterThan(0)
      // 0: everything had ended within the grace and five seconds. The program says 1 when something had not.
      expect(await server.kill('SIGTERM')).toBe(0)
      await expect.poll(() => stillRunning(children), { timeout: 30_000 }).toEqual([])
      expect(existsSync(join(server.data.path, 'rivulet.db-wal'))).toBe(false)
      const file = new Sqlite(join(server.data.path, 'rivulet.db'), { readonly: true })
      expect(damageOf(file)).toBeUndefined()
      file.close()
      await server.start()
      expect(await inLoop()).toMatchObject({ status: 'idle', result: { kind: 'interrupted' } })
      await Promise.all(groups.flatMap(({ readers, author }) => readers.map((reader) => reader.reached(author.rev))))
    }

    for (const { author } of groups) author.stop()
    await Promise.all(working)
    for (const { author, client, notebookId, ledger, readers, line } of groups) {
      const cells = async () => (await client().getNotebook.query({ id: notebookId })).cells
      await expect
        .poll(async () => (await cells()).map(({ status }) => status), { timeout: 30_000 })
        .not.toContainEqual(expect.stringMatching(/queued|running/))
      const stored = await client().getNotebook.query({ id: notebookId })
      expect(stored.title).toBe(author.title)
      expect(stored.cells.map(({ id, version, source }) => ({ id, version, source }))).toEqual(author.cells)
      ledger.seeWire(stored, 'the database')
      for (const reader of readers) {
        await reader.reached(stored.rev)
        expect(reader.snapshots).toBe(1)
        await reader.leave()
      }
      await line.close()
    }
    const sum = (of: (one: Author) => number) => groups.reduce((total, { author }) => total + of(author), 0)
    expect(sum(({ repeated }) => repeated)).toBeGreaterThan(0)
    console.log(`${sum(({ answered }) => answered)} mutations answered, ${sum(({ repeated }) => repeated)} repeated`)
  },
  60_000 + RESTARTS * 60_000,
)
