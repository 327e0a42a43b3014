// biome-ignore-all lint/suspicious/noTemplateCurlyInString: holes of cells look like those of templates.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeLarge, NOISE, overwrite, PAGE, pagesOf } from '../support/damage.ts'
import { builtProgram, failedStart, ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower } from '../support/testServer.ts'

/** What `pnpm build` makes, run as `pnpm start` runs it. What it reads lies elsewhere than beside the sources. */

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder.remove())

/** Slow calls are in the log, too: a busy machine is none of the errors looked for. */
const start = () => ServerProcess.start({ DATA_DIR: folder.path, LOG_LEVEL: 'error' }, builtProgram())

/** Without any word on standard error: an error that nobody waits for is in the log. */
async function stop(server: ServerProcess): Promise<void> {
  await server.closeSockets()
  expect(await server.kill('SIGTERM')).toBe(0)
  expect(server.output.stderr).toBe('')
}

test('the built server gives its page, runs cells of every language, and has everything again after a stop', async () => {
  const first = await start()
  const page = await fetch(first.url)
  const script = /<script type="module"[^>]* src="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  expect((await fetch(first.url + script)).headers.get('content-type')).toContain('javascript')
  const { token, cookie } = await first.guest()
  const client = first.http(token)
  const { id } = await client.createNotebook.mutate({ title: 'Built' })
  const follower = new Follower(first.ws(token).client, id)
  await follower.snapshot()
  const { cellIds, runIds } = await client.applyEdits.mutate({
    notebookId: id,
    run: true,
    edits: [
      { insert: { language: 'typescript', source: "import { sum } from 'lodash-es'\nconst total: number = sum([40, 2])" } },
      { insert: { language: 'sql', source: 'select ${total} * 2 as twice' } },
      { insert: { language: 'markdown', source: 'The total is ${total}.' } },
    ],
  })
  for (const runId of runIds) expect(await follower.finished(runId)).toMatchObject({ result: { kind: 'ok' } })
  follower.stop()
  await stop(first)

  const second = await start()
  const again = await second.http(await second.token(cookie)).getNotebook.query({ id })
  expect(again.cells.map((cell) => cell.id)).toEqual(cellIds)
  const shown = again.cells.map(({ outputs }) => JSON.stringify(outputs))
  expect(shown[1]).toContain('84')
  expect(shown[2]).toContain('The total is 42.')
  await stop(second)
})

describe('[D8] a database that is larger than what is looked through before anything is served', () => {
  let path: string
  beforeEach(async () => {
    path = join(folder.path, 'rivulet.db')
    await stop(await start())
    makeLarge(path)
  })

  test('that is sound is looked through beside the work, which goes on', async () => {
    const server = await start()
    const { token } = await server.guest()
    const { id } = await server.http(token).createNotebook.mutate({ title: 'Sound' })
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ready' })
    await stop(server)
    expect(existsSync(`${path}.damaged`)).toBe(false)
    const sqlite = new Sqlite(path, { readonly: true })
    expect(sqlite.prepare('select title from notebooks where id = ?').pluck().get(id)).toBe('Sound')
    sqlite.close()
  })

  test('that is damaged in its middle ends the server, and the next one refuses before it serves', async () => {
    overwrite(path, Math.floor(pagesOf(path) / 2) * PAGE, NOISE)
    const server = await start()
    expect(await server.gone).toBe(1)
    expect(server.output.stderr).toContain(`Rivulet stops. The file ${path} is not a database, or is damaged`)
    expect(existsSync(`${path}.damaged`)).toBe(true)
    const { code, stdout, stderr } = await failedStart({ DATA_DIR: folder.path }, { program: builtProgram() })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Restore a backup with: pnpm db:restore <file>')
  })
})
