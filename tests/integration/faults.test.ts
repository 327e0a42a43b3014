import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Author } from '../support/author.ts'
import { Journey } from '../support/faults.ts'
import { FaultyLine } from '../support/faultyLine.ts'
import { heldAnswer } from '../support/heldAnswer.ts'
import { Ledger } from '../support/ledger.ts'
import { Chance, SEED } from '../support/random.ts'
import { Traveller } from '../support/traveller.ts'
import { useTrustedServer } from '../support/trusted.ts'

/**
 * Clients whose connections break in every way, on the program in a process of its own, which is stopped and killed meanwhile.
 * `CUTS=2000 pnpm test tests/integration/faults.test.ts` for a long run, `SEED=…` for other moments.
 */
const CUTS = Number(process.env.CUTS ?? 200)
const TRAVELLERS = 10
/** How often the server goes, by turns as it should and as it should not. */
const LIVES = 4

const server = useTrustedServer({ CELL_NETWORK: 'any' })

test(
  `[C4] [C5] [D1] [P10] ${CUTS} cuts, and a server that stops and is killed: everybody has every event once and in order, and the same state at every position`,
  async () => {
    console.log(`SEED=${SEED} CUTS=${CUTS}`)
    const chance = new Chance(SEED)
    const ledger = new Ledger()
    const token = await server.token('author')
    const { id: notebookId } = await server.http(token).createNotebook.mutate({ title: 'Faults' })
    const author = new Author(() => server.http(token), notebookId, chance)

    /** Somebody with a good line, who was never away in this life of the server. */
    const watch = (life: number) =>
      new Traveller({ url: server.url, notebookId, token: async () => token, ledger, name: `witness ${life}` })
    let witness = watch(0)
    await witness.reached(0)
    const journeys = await Promise.all(
      Array.from({ length: TRAVELLERS }, (_, n) =>
        Journey.begin({
          ...{ name: `traveller ${n}`, notebookId, issuer: server.issuer, ledger },
          server: () => server.url,
          chance: new Chance(SEED + 1 + n),
        }),
      ),
    )
    const cuts = () => journeys.reduce((sum, journey) => sum + journey.cuts, 0)

    const working = author.work(10)
    const travelling = journeys.map(async (journey) => {
      while (cuts() < CUTS) await journey.suffer(() => author.rev)
    })
    const living = (async () => {
      for (let life = 1; life < LIVES; life += 1) {
        while (cuts() < (CUTS * life) / LIVES) await pause(20)
        await witness.leave()
        await server.kill(life % 2 === 1 ? 'SIGKILL' : 'SIGTERM')
        await server.start()
        witness = watch(life)
        await witness.until(() => witness.state !== undefined)
      }
    })()
    await Promise.all([...travelling, living])
    author.stop()
    await working

    // What runs still may end: then nothing is under way any more.
    const client = server.http(token)
    await expect
      .poll(async () => (await client.getNotebook.query({ id: notebookId })).cells.map(({ status }) => status), {
        timeout: 30_000,
      })
      .not.toContainEqual(expect.stringMatching(/queued|running/))
    const stored = await client.getNotebook.query({ id: notebookId })
    ledger.seeWire(stored, 'the database')
    for (const { traveller } of journeys) {
      await traveller.reached(stored.rev)
      expect(traveller.state?.rev, traveller.name).toBe(stored.rev)
    }
    expect(stored.title).toBe(author.title)
    expect(stored.cells.map(({ id, version, source }) => ({ id, version, source }))).toEqual(author.cells)
    // Who comes back soon goes on where it was: a snapshot is for the first time only.
    expect(journeys.map(({ traveller }) => traveller.snapshots)).toEqual(journeys.map(() => 1))
    console.log(
      `${cuts()} cuts in ${LIVES} lives, ${ledger.positions} positions, compared ${ledger.agreed} times; ` +
        `${author.answered} mutations answered, ${author.repeated} repeated; ${JSON.stringify(sumOf(journeys))}`,
    )
    for (const journey of journeys) await journey.end()
    await witness.leave()
  },
  60_000 + CUTS * 2_000,
)

test('[C4] [S9] a run goes on while nobody watches: its output is there on return, of the same run', async () => {
  const held = await heldAnswer()
  const ledger = new Ledger()
  const token = await server.token('author')
  const client = server.http(token)
  const { id: notebookId } = await client.createNotebook.mutate({ title: 'Unwatched' })
  await client.setNotebook.mutate({ notebookId, network: [held.host] })
  const source = `console.log('begun'); const text = await (await fetch('http://${held.host}')).text(); console.log(text); text.length`
  const { cellId } = await client.insertCell.mutate({ notebookId, language: 'typescript', source })
  const line = await FaultyLine.to(() => server.url)
  const traveller = new Traveller({ url: line.url, notebookId, token: async () => token, ledger, name: 'traveller' })
  await traveller.until(() => traveller.state !== undefined)
  const { runId } = await client.runCell.mutate({ notebookId, cellId })
  await held.wasAsked
  line.down()
  line.cut()
  const readers = async () => /^rivulet_readers (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1]
  await expect.poll(readers, { timeout: 30_000 }).toBe('0')
  const cell = async () => (await client.getNotebook.query({ id: notebookId })).cells[0]
  expect(await cell()).toMatchObject({ status: 'running', runId })
  const seen = traveller.state?.rev ?? 0
  held.answer()
  await expect.poll(async () => (await cell())?.result, { timeout: 30_000 }).toMatchObject({ kind: 'ok' })
  const stored = await client.getNotebook.query({ id: notebookId })
  expect(traveller.state?.rev).toBe(seen)
  expect(stored.rev).toBeGreaterThan(seen)
  line.up()
  await traveller.reached(stored.rev)
  ledger.seeWire(stored, 'the database')
  expect(stored.cells[0]).toMatchObject({
    runId,
    outputs: [{ text: 'begun\nthe answer\n' }, { data: { 'application/json': 10 } }],
  })
  expect([traveller.snapshots, ledger.agreed]).toEqual([1, 1])
  await traveller.leave()
  await line.close()
  held.close()
}, 120_000)

function sumOf(journeys: readonly Journey[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const { suffered } of journeys) for (const [kind, count] of Object.entries(suffered)) sum[kind] = (sum[kind] ?? 0) + count
  return sum
}
