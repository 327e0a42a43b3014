import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { residentMb } from '@rivulet/tests/support/resident.ts'
import { Crowd } from '../support/crowd.ts'
import { median, type Row, samplesOf } from '../support/figures.ts'
import { BenchServer, NODE_FLAGS, readyAt } from '../support/server.ts'

const PLAIN = fileURLToPath(new URL('../support/plainTrpc.ts', import.meta.url))
const CROWDS = [100, 1_000]
const ROUNDS = 40
const BURST = 30

interface Subject {
  url: string
  pid: number
  subscription: { path: string; input?: object; token?: string }
  /** Makes one event, answers when it is made. */
  publish: (n: number) => Promise<unknown>
  stop: () => Promise<unknown>
}

interface Figures {
  /** Until all have one event, median ms. */
  oneMs: number
  perSecond: number
  /** Memory of a subscription with its socket, kB. */
  kilobytes: number
}

/** One event to a hundred and to a thousand clients, until all of them have it; beside a tRPC server that only does that. */
export async function fanout(): Promise<Row[]> {
  const rows: Row[] = []
  for (const count of CROWDS) {
    const [ours, floor] = [await measured(await rivulet(), count), await measured(await plain(), count)]
    const beside = (value: number) => ({ what: 'plain tRPC, an observable in memory', value })
    rows.push(
      {
        what: `one event to ${count} clients, until all have it, median of ${ROUNDS}`,
        ...{ value: ours.oneMs, unit: 'ms', floor: beside(floor.oneMs), bar: '≤ 1.5 ×' },
      },
      {
        what: `messages to ${count} clients, ${BURST} events at once`,
        ...{ value: ours.perSecond, unit: 'messages/s', floor: beside(floor.perSecond), bar: '≥ 0.8 ×' },
      },
    )
    if (process.platform === 'linux' && count === CROWDS.at(-1))
      rows.push({
        what: 'memory of a subscription with its socket',
        ...{ value: ours.kilobytes, unit: 'kB', floor: beside(floor.kilobytes), bar: '≤ 80 kB' },
      })
  }
  return rows
}

async function measured({ url, pid, subscription, publish, stop }: Subject, count: number): Promise<Figures> {
  const before = residentMb(pid)
  const crowd = await Crowd.join(url, count, subscription)
  const kilobytes = ((residentMb(pid) - before) * 1024) / count
  const one = await samplesOf(ROUNDS, async (round) => {
    const all = crowd.hears(count)
    await Promise.all([publish(round), all])
  })
  const from = performance.now()
  const all = crowd.hears(count * BURST)
  await Promise.all(Array.from({ length: BURST }, (_, n) => publish(1_000 + n)))
  await all
  const perSecond = (count * BURST * 1_000) / (performance.now() - from)
  crowd.leave()
  await stop()
  return { oneMs: median(one), perSecond, kilobytes }
}

async function rivulet(): Promise<Subject> {
  const server = await BenchServer.start({ KERNEL_WARM_SPARE: 'false' })
  const { token } = await server.guest()
  const client = server.http(token)
  const { id } = await client.createNotebook.mutate({ title: 'Fan' })
  return {
    ...{ url: server.url, pid: server.pid, subscription: { path: 'notebook', input: { id }, token } },
    publish: (n) => client.renameNotebook.mutate({ id, title: `Fan ${n}` }),
    stop: () => server.stop(),
  }
}

async function plain(): Promise<Subject> {
  const child = spawn(process.execPath, [...NODE_FLAGS, '--import', 'tsx', PLAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await readyAt(child)
  const headers = { 'content-type': 'application/json' }
  return {
    ...{ url, pid: child.pid ?? 0, subscription: { path: 'events' } },
    publish: async (n) => {
      const response = await fetch(`${url}/trpc/publish`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ title: `Fan ${n}` }),
      })
      await response.text()
    },
    stop: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}
