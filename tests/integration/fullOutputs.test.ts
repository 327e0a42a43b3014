import { LIMITS, type Output } from '@rivulet/server/notebook/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Follower, TestServer } from '../support/testServer.ts'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(async () => server.close())

/** Each shows 3.6 MB: the head of it, and the end. */
const PRINTS = Array.from({ length: 22 }, (_, n) => `// ${n}\nfor (let n = 0; n < 90; n++) console.log('x'.repeat(65_535))`)
const insert = (source: string) => ({ insert: { language: 'typescript' as const, source } })
const textOf = (outputs: readonly Output[]) => outputs.map((output) => (output.kind === 'stream' ? output.text : '')).join('')

test('[C10] cells that each print what one may show 64 MB together; who follows, who asks and who comes later sees the same', async () => {
  const { token } = await server.guest()
  const client = server.http(token)
  const follower = new Follower(server.ws(token).client, 'blank')
  await follower.snapshot()
  const { runIds } = await client.applyEdits.mutate({ notebookId: 'blank', edits: PRINTS.map(insert), run: true })
  for (const id of runIds) await follower.finished(id)
  const stored = await client.getNotebook.query({ id: 'blank' })
  expect(follower.state()).toEqual(stored)
  const texts = stored.cells.map(({ outputs }) => textOf(outputs))
  const all = texts.reduce((length, text) => length + text.length, 0)
  expect(all).toBeGreaterThan(LIMITS.outputsLength - 5 * 2 ** 20)
  expect(all).toBeLessThanOrEqual(LIMITS.outputsLength)
  expect(texts.filter((text) => text.includes('show 64 MB together')).length).toBeGreaterThanOrEqual(3)
  expect(stored.cells.filter(({ result }) => result.kind === 'ok').length).toBe(PRINTS.length)
  follower.stop()
}, 120_000)

test('[C8] a run that changes its stream at every letter keeps to its limit, with all that an output is', async () => {
  const { token } = await server.guest()
  const client = server.http(token)
  const follower = new Follower(server.ws(token).client, 'blank')
  await follower.snapshot()
  const source = `for (let n = 0; n < 200_000; n++) n % 2 ? console.log('x') : console.error('y')`
  const { runIds, cellIds } = await client.applyEdits.mutate({ notebookId: 'blank', edits: [insert(source)], run: true })
  await follower.finished(runIds[0] ?? '')
  const shown = (await client.getNotebook.query({ id: 'blank' })).cells.find(({ id }) => id === cellIds[0])?.outputs ?? []
  const bytes = JSON.stringify(shown).length
  expect(bytes).toBeGreaterThan(1_000_000)
  expect(bytes).toBeLessThanOrEqual(LIMITS.outputBytesPerRun)
  follower.stop()
}, 60_000)
