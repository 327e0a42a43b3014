import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { beginUpload, storedIn, upload } from '../support/files.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { TestServer } from '../support/testServer.ts'
import { until } from '../support/until.ts'

test('[F5] a server that is killed while a file comes sweeps what is left when it starts, and keeps the others', async () => {
  const folder = temporaryFolder()
  try {
    const server = await ServerProcess.start({ DATA_DIR: folder.path })
    const { token } = await server.guest()
    const { id } = await server.http(token).createNotebook.mutate({})
    const { file } = await upload({ url: server.url, token, notebookId: id, name: 'kept.csv' }, 'n\n1\n')
    const sending = beginUpload({ url: server.url, token, notebookId: id, name: 'lost.csv' }, 1_000_000)
    sending.write('n\n1\n')
    await until(() => storedIn(folder.path).length >= 2)
    await server.kill('SIGKILL')
    sending.destroy()
    writeFileSync(join(folder.path, 'files', 'readme.txt'), 'not ours')
    expect(storedIn(folder.path)).toHaveLength(3)
    const again = await ServerProcess.start({ DATA_DIR: folder.path })
    expect(storedIn(folder.path)).toEqual([file?.id, 'readme.txt'].sort())
    await again.kill('SIGTERM')
  } finally {
    folder.remove()
  }
})

test('a body may take long as long as it goes on, and an answer in any case; one that stands still is cut', async () => {
  const server = await TestServer.start({}, { bodyMs: 2_000 })
  const { token } = await server.guest()
  const { id } = await server.http(token).createNotebook.mutate({})
  const mine = { url: server.url, token, notebookId: id, name: 'slow.csv' }
  const still = beginUpload({ ...mine, name: 'still.csv' }, 1_000)
  const cut = new Promise((resolve) => still.once('close', resolve))
  still.write('n\n')
  const input = encodeURIComponent(JSON.stringify({ id }))
  const events = await fetch(`${server.url}/trpc/notebook?input=${input}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  })
  const sending = beginUpload(mine)
  const answered = once(sending, 'response')
  sending.write('n\n')
  for (let n = 0; n < 12; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    sending.write(`${n}\n`)
  }
  sending.end()
  const [response] = await answered
  expect(response.statusCode).toBe(200)
  response.resume()
  await cut
  // The stream that began before all of that goes on: there is more of it.
  await server.http(token).renameNotebook.mutate({ id, title: 'Renamed' })
  const reader = events.body?.getReader()
  let text = ''
  while (!text.includes('Renamed')) text += new TextDecoder().decode((await reader?.read())?.value)
  await reader?.cancel()
  await server.close()
})
