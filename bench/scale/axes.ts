import { join } from 'node:path'
import { openDatabase } from '@rivulet/db/client'
import type { Client } from '@rivulet/tests/support/connection.ts'
import { median, samplesOf } from '../support/figures.ts'
import { WatchedNotebook } from '../support/notebook.ts'
import { BenchServer } from '../support/server.ts'

/** What one size cost: milliseconds by what was done. */
export interface Point {
  size: number
  costs: Record<string, number>
}

/** Something that grows, and what is done at each of its sizes. */
export interface Axis {
  name: string
  sizes: readonly number[]
  measure(sizes: readonly number[]): AsyncIterable<Point>
}

const ROUNDS = 30

const p50 = async (work: () => Promise<unknown>, rounds = ROUNDS) => median(await samplesOf(rounds, work))

/** Until the first event of a notebook is there, on a socket that is already open. */
function firstEvent(ws: Client, id: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = ws.notebook.subscribe(
      { id },
      {
        onData: () => {
          subscription.unsubscribe()
          resolve()
        },
        onError: reject,
      },
    )
  })
}

/** Rows straight into the file: a hundred thousand notebooks are not made one by one. */
function seed(dataDir: string, statements: readonly string[], values: Record<string, unknown>): void {
  const { sqlite, close } = openDatabase(join(dataDir, 'rivulet.db'))
  try {
    for (const statement of statements) sqlite.prepare(statement).run(values)
  } finally {
    close()
  }
}

const NUMBERS = 'with recursive seq(n) as (select cast($from as integer) union all select n + 1 from seq where n + 1 < $to)'
const WHEN = "'2026-01-01T00:00:00.000Z'"

const NOTEBOOKS = [
  `${NUMBERS} insert into users (id, name, kind, created_at)
   select 'user' || (n / 10), 'Somebody', 'guest', ${WHEN} from seq where n % 10 = 0`,
  `${NUMBERS} insert into notebooks (id, owner_id, title, kind, epoch, rev, mode, cutoff, created_at, updated_at)
   select 'notebook' || n, 'user' || (n / 10), 'Notebook ' || n, 'user', 'epoch' || n, 1, 'auto', 0, ${WHEN}, ${WHEN} from seq`,
  `${NUMBERS} insert into cells
   (id, notebook_id, order_key, language, source, version, disabled, hidden, defines, uses, status, stale, result, exports)
   select 'cell' || n, 'notebook' || n, 'a0', 'typescript', 'const x = 1', 1, 0, 0, '["x"]', '[]', 'idle', 0, '{"kind":"none"}', '[]'
   from seq`,
]

async function* notebooks(sizes: readonly number[]): AsyncIterable<Point> {
  let server = await BenchServer.start()
  let from = 0
  for (const size of sizes) {
    const { dataDir } = server
    await server.stop({ keepData: true })
    seed(dataDir, NOTEBOOKS, { from, to: size })
    from = size
    const before = performance.now()
    server = await BenchServer.start({}, dataDir)
    const start = performance.now() - before
    const notebook = await WatchedNotebook.open(server, ['const x = 1'])
    const costs = {
      'start of the server': start,
      'listing one’s own': await p50(() => notebook.http.listNotebooks.query()),
      'a run': await p50(() => notebook.run(0), 200),
    }
    yield { size, costs }
  }
  await server.stop()
}

async function* cells(sizes: readonly number[]): AsyncIterable<Point> {
  for (const size of sizes) {
    const server = await BenchServer.start()
    const { token } = await server.guest()
    const http = server.http(token)
    const { id } = await http.createNotebook.mutate({ title: 'Scale' })
    const insert = (n: number) => ({ insert: { language: 'typescript' as const, source: `const x${n} = ${n}` } })
    const edits = Array.from({ length: size }, (_, n) => insert(n))
    const before = performance.now()
    const { cellIds } = await http.applyEdits.mutate({ notebookId: id, edits })
    const inserted = performance.now() - before
    const [cellId = ''] = cellIds
    let baseVersion = 1
    const edit = async () => {
      const source = `const x0 = 1 // ${baseVersion}`
      baseVersion = (await http.editCell.mutate({ notebookId: id, cellId, baseVersion, source })).version
    }
    const { client } = server.ws(token)
    await firstEvent(client, id)
    const costs = {
      'inserting all': inserted,
      'opening it': await p50(() => firstEvent(client, id)),
      'an edit': await p50(edit, 200),
    }
    yield { size, costs }
    await server.stop()
  }
}

async function* subscribers(sizes: readonly number[]): AsyncIterable<Point> {
  for (const size of sizes) {
    const server = await BenchServer.start()
    const { token } = await server.guest()
    const http = server.http(token)
    const { id } = await http.createNotebook.mutate({ title: 'Scale' })
    let heard = 0
    let all = (): void => undefined
    const onData = () => {
      heard += 1
      if (heard === size) all()
    }
    const told = () => {
      heard = 0
      return new Promise<void>((resolve) => {
        all = resolve
      })
    }
    const first = told()
    for (let n = 0; n < size; n++) {
      server.ws(token).client.notebook.subscribe({ id }, { onData: ({ data }) => data.type !== 'presence' && onData() })
    }
    await first
    let round = 0
    const rename = async () => {
      const everybody = told()
      await http.renameNotebook.mutate({ id, title: `Round ${round++}` })
      await everybody
    }
    yield { size, costs: { 'one event to all': await p50(rename) } }
    await server.stop()
  }
}

const JOURNAL = [
  'delete from journal where notebook_id = $id',
  `${NUMBERS} insert into journal (notebook_id, rev, at, actor, changes)
   select $id, n, ${WHEN}, '{"userId":"u","name":"Somebody","via":"ui"}',
   '[{"type":"notebook.set","patch":{"title":"The title of revision ' || n || '"}}]' from seq`,
  'update notebooks set rev = cast($to - 1 as integer) where id = $id',
]

async function* journal(sizes: readonly number[]): AsyncIterable<Point> {
  for (const size of sizes) {
    let server = await BenchServer.start()
    const { dataDir } = server
    const { token } = await server.guest()
    const { id } = await server.http(token).createNotebook.mutate({ title: 'Scale' })
    await server.stop({ keepData: true })
    seed(dataDir, JOURNAL, { from: 1, to: size + 1, id })
    server = await BenchServer.start({}, dataDir)
    const { client } = server.ws(token)
    await client.listNotebooks.query()
    const before = performance.now()
    await firstEvent(client, id)
    const opened = performance.now() - before
    let round = 0
    const rename = () => server.http(token).renameNotebook.mutate({ id, title: `Round ${round++}` })
    yield { size, costs: { 'opening it after a restart': opened, 'a decision': await p50(rename, 200) } }
    await server.stop()
  }
}

export const AXES: readonly Axis[] = [
  { name: 'notebooks of others', sizes: [10, 100, 1_000, 10_000, 100_000], measure: notebooks },
  { name: 'cells of a notebook', sizes: [10, 100, 1_000, 5_000], measure: cells },
  { name: 'subscribers of a notebook', sizes: [1, 10, 100, 1_000, 2_000], measure: subscribers },
  { name: 'entries of a journal', sizes: [10, 100, 1_000, 10_000, 100_000, 1_000_000], measure: journal },
]
