import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { useSignedIn } from '../support/signedIn.ts'

const shared = useSignedIn()
const execute = promisify(execFile)
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

test('the script in the README runs as it stands', async () => {
  const example = /```ts\n(.*?)```/s.exec(readFileSync(at('../../README.md'), 'utf8'))?.[1]
  // Beside the tests, where the packages it imports are found.
  const script = at('../readme-example.tmp.ts')
  writeFileSync(script, example ?? '')
  try {
    const environment = { ...process.env, RIVULET_URL: shared.server.url, RIVULET_TOKEN: shared.token }
    const { stdout } = await execute('npx', ['tsx', script], { env: environment, cwd: at('../..') })
    expect(stdout).toMatch(/runId: '[\w-]+'/)
  } finally {
    rmSync(script, { force: true })
  }
  const { cells } = await shared.client.getNotebook.query({ id: 'demo' })
  expect(cells[0]?.runId).toBeDefined()
})
