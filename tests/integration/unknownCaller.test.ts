import { expect, test } from 'vitest'
import { TestIssuer } from '../support/issuer.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { problemOf } from '../support/testServer.ts'

/** It cannot be found out who calls, through no fault of theirs. */

test('whose issuer cannot be reached is told an id that is in the log, over HTTP and on the socket', async () => {
  const issuer = await TestIssuer.start()
  const token = await issuer.token('ada')
  // Nobody listens there.
  const TRUSTED_ISSUERS = JSON.stringify([{ ...issuer.entry, jwksUrl: 'http://127.0.0.1:9/jwks.json' }])
  const data = temporaryFolder()
  const server = await ServerProcess.start({ DATA_DIR: data.path, TRUSTED_ISSUERS, LOG_LEVEL: 'error' })
  const asked = RawSocket.open(server.url, { params: { token } }).then((socket) =>
    socket.until(({ error }) => error !== undefined),
  )
  const problems = [await problemOf(server.http(token).whoami.query()), (await asked).error?.data.problem]
  for (const problem of problems) {
    expect(problem).toEqual({ kind: 'internal', id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    await expect.poll(() => server.output.stderr, { timeout: 30_000 }).toContain((problem as { id: string }).id)
  }
  // Others are not concerned.
  expect((await server.http((await server.guest()).token).whoami.query()).kind).toBe('guest')
  await server.kill('SIGKILL')
  data.remove()
  issuer.close()
}, 60_000)
