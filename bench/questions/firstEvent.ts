import { median, type Row, samplesOf } from '../support/figures.ts'
import type { BenchServer } from '../support/server.ts'

const USERS = 30

/** How long does somebody who was never here wait for the first event of their demo notebook, from the open socket on? */
export async function firstEvent(server: BenchServer): Promise<Row[]> {
  const waits: number[] = []
  const calls: number[] = []
  for (let user = 0; user < USERS; user++) {
    const { token } = await server.guest()
    const { client, socket } = server.ws(token)
    // The connection is open once something has been answered over it.
    await client.whoami.query()
    const from = performance.now()
    await new Promise<void>((resolve, reject) => {
      const subscription = client.notebook.subscribe({ id: 'demo' }, { onData: () => done(), onError: reject })
      const done = () => {
        waits.push(performance.now() - from)
        subscription.unsubscribe()
        resolve()
      }
    })
    calls.push(median(await samplesOf(5, () => client.whoami.query())))
    await socket.close()
  }
  const floor = { what: 'a query over the same socket', value: median(calls) }
  return [
    {
      what: `first event of /demo for a never-seen user, median of ${USERS}`,
      value: median(waits),
      unit: 'ms',
      floor,
      bar: '≤ 100 ms',
    },
  ]
}
