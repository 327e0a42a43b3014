/** Runs in a process of its own: a tRPC server with one event that lives in memory, the floor for telling many. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { observable } from '@trpc/server/observable'
import { WebSocketServer } from 'ws'

const t = initTRPC.create()
const listeners = new Set<(event: unknown) => void>()
let rev = 0
const router = t.router({
  publish: t.procedure
    .input((value: unknown) => value as { title: string })
    .mutation(({ input }) => {
      rev += 1
      const event = { type: 'changes', rev, at: new Date().toISOString(), changes: [{ type: 'notebook.set', patch: input }] }
      for (const tell of listeners) tell(event)
      return { rev }
    }),
  events: t.procedure.subscription(() =>
    observable<unknown>((emit) => {
      const tell = (event: unknown) => emit.next(event)
      listeners.add(tell)
      tell({ type: 'snapshot' })
      return () => listeners.delete(tell)
    }),
  ),
})

const handler = createHTTPHandler({ router, basePath: '/trpc/' })
const server = createServer(handler)
const wss = new WebSocketServer({ server, perMessageDeflate: false })
applyWSSHandler({ wss, router })
server.listen(0, '127.0.0.1', () => console.log(`ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`))
