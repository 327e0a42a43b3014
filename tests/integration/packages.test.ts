import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPackages } from '@rivulet/server/src/kernel/packages.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { Follower, TestServer } from '../support/testServer.ts'

const folder = mkdtempSync(join(tmpdir(), 'rivulet-packages-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs one cell on a server of its own; how it ended and what it showed. */
async function runOne(source: string, env: Record<string, string> = {}) {
  const server = await TestServer.start(env)
  try {
    const { token } = await server.guest()
    const client = server.http(token)
    const { id } = await client.createNotebook.mutate({})
    const follower = new Follower(server.ws(token).client, id)
    await follower.snapshot()
    const { runIds } = await client.applyEdits.mutate({
      notebookId: id,
      edits: [{ insert: { language: 'typescript', source } }],
      run: true,
    })
    await follower.finished(runIds[0] ?? '')
    const [cell] = (await client.getNotebook.query({ id })).cells
    return {
      result: cell?.result,
      shown: cell?.outputs.flatMap((output) => (output.kind === 'stream' ? [] : [output.data['application/json']])),
    }
  } finally {
    await server.close()
  }
}

test('what was bundled by one user can be read by another: who builds is often not who runs', async () => {
  const { dir } = await openPackages(join(folder, 'bundled', 'packages'))
  expect(statSync(dir).mode & 0o777).toBe(0o755)
  for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o044).toBe(0o044)
})

describe('what cells may import', () => {
  test('every curated package, statically and dynamically', async () => {
    const source = `import { chunk } from 'lodash-es'
import { format } from 'date-fns'
import { mean } from 'simple-statistics'
import { table } from 'arquero'
import { sum } from 'd3-array'
const { z } = await import('zod')
;[chunk([1, 2, 3], 2), format(new Date(2020, 1, 1), 'yyyy'), mean([1, 2]), table({ a: [1, 2] }).numRows(), sum([1, 2]), z.string().safeParse(1).success]`
    expect(await runOne(source)).toMatchObject({ result: { kind: 'ok' }, shown: [[[[1, 2], [3]], '2020', 1.5, 2, 3, false]] })
  })

  test('what the operator adds with one file', async () => {
    const library = join(folder, 'node_modules/greeter')
    mkdirSync(library, { recursive: true })
    writeFileSync(
      join(library, 'package.json'),
      JSON.stringify({ name: 'greeter', version: '1.0.0', type: 'module', exports: './index.js' }),
    )
    writeFileSync(join(library, 'index.js'), 'export const greet = (name) => "Hello " + name\n')
    const list = join(folder, 'packages.json')
    writeFileSync(list, JSON.stringify(['greeter']))
    const source = `import { greet } from 'greeter'\ngreet('you')`
    expect(await runOne(source, { CELL_PACKAGES: list })).toMatchObject({ result: { kind: 'ok' }, shown: ['Hello you'] })
    expect(await runOne(source)).toMatchObject({
      result: { kind: 'error', error: { message: expect.stringContaining('not on this server') } },
    })
  })

  test('a list that names what is not installed stops the start, and says which', async () => {
    const list = join(folder, 'bad.json')
    writeFileSync(list, JSON.stringify(['not-installed']))
    await expect(TestServer.start({ CELL_PACKAGES: list })).rejects.toThrow(/not-installed/)
  })
})
