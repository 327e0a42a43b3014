import { afterAll, beforeAll, expect, test } from 'vitest'
import { Answers } from '../support/fuzz/answers.ts'
import { fuzzHttp } from '../support/fuzz/fuzzHttp.ts'
import { fuzzSockets } from '../support/fuzz/fuzzSocket.ts'
import { sensibleCalls } from '../support/fuzz/messages.ts'
import { Chance, SEED } from '../support/random.ts'
import { residentMb } from '../support/resident.ts'
import { ServerProcess, temporaryFolder } from '../support/serverProcess.ts'
import { Follower } from '../support/testServer.ts'

/**
 * A hundred thousand messages, most of them nonsense, to the program in a process of its own.
 * `FUZZ=1000000 pnpm test tests/integration/fuzz.test.ts` for more of them, `SEED=…` for others.
 */
const FUZZ = Number(process.env.FUZZ ?? 100_000)
const HTTP_SHARE = 0.12
const SOCKETS = 4
const MEMORY_MB = 120
/** As `pnpm start` has it: otherwise Node takes what a burst needs, and keeps it. */
const AS_STARTED = '--max-semi-space-size=4'

const data = temporaryFolder()
let server: ServerProcess
beforeAll(async () => {
  const limits = { RATE_LIMIT_PER_MINUTE: '100000000', SIGN_INS_PER_MINUTE: '10000000', SUBSCRIPTIONS_PER_SOCKET: '20' }
  server = await ServerProcess.start({
    DATA_DIR: data.path,
    LOG_LEVEL: 'info',
    NODE_ENV: 'production',
    NODE_OPTIONS: AS_STARTED,
    ...limits,
  })
}, 60_000)
afterAll(async () => {
  await server.kill('SIGKILL')
  data.remove()
})

test(
  `${FUZZ} frames and bodies: every error is masked, memory stays, and others work as if nothing was`,
  async () => {
    console.log(`SEED=${SEED} FUZZ=${FUZZ}`)
    const [stranger, good] = [await server.guest(), await server.guest()]
    const theirs = server.http(stranger.token)
    const { id: notebookId } = await theirs.createNotebook.mutate({ title: 'Fuzzed' })
    const { cellId } = await theirs.insertCell.mutate({ notebookId, language: 'markdown', source: '# x' })
    const calls = sensibleCalls({ notebookId, cellId })
    const answers = new Answers()
    const options = (n: number) => ({ url: server.url, token: stranger.token, calls, answers, chance: new Chance(SEED + n) })

    const mine = server.http(good.token)
    const { id } = await mine.createNotebook.mutate({ title: 'Good' })
    const follower = new Follower(server.ws(good.token).client, id)
    await follower.snapshot()
    const works = async (title: string) => {
      const { rev } = await mine.renameNotebook.mutate({ id, title })
      await follower.reached(rev)
    }

    const resident: number[] = []
    const parts = 10
    for (let part = 0; part < parts; part += 1) {
      const sockets = Math.round((FUZZ * (1 - HTTP_SHARE)) / parts / SOCKETS)
      await Promise.all([
        ...Array.from({ length: SOCKETS }, (_, n) => fuzzSockets(sockets, options(part * 10 + n))),
        fuzzHttp(Math.round((FUZZ * HTTP_SHARE) / parts), options(part * 10 + SOCKETS)),
        works(`during ${part}`),
      ])
      // What was sensible enough to make a cell has made it: what is measured is not how many there are.
      const { cells } = await theirs.getNotebook.query({ id: notebookId })
      const edits = cells.filter((cell) => cell.id !== cellId).map((cell) => ({ delete: cell.id }))
      await theirs.applyEdits.mutate({ notebookId, edits })
      if (process.platform === 'linux') resident.push(residentMb(server.pid))
    }

    await works('after')
    expect(follower.snapshots).toBe(1)
    expect(follower.state()).toEqual(await mine.getNotebook.query({ id }))
    follower.stop()
    console.log(
      `${answers.total} answers, ${answers.unexpected.length} unexpected errors; memory ${resident.map(Math.round).join(', ')} MB`,
    )
    expect(answers.unexpected).toEqual([])
    // The first parts fill what is kept to its limits.
    expect(Math.max(...resident.slice(3)) - (resident[2] ?? 0)).toBeLessThan(MEMORY_MB)
    for (const secret of [stranger.token, good.token, ...stranger.cookie.split('; '), ...good.cookie.split('; ')])
      expect(server.output.stderr.includes(secret)).toBe(false)
  },
  300_000 + FUZZ * 10,
)
