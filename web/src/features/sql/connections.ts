import type { AppRouter } from '@rivulet/server/api'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { useEffect } from 'react'
import { type Api, type Clients, describeError, useClients } from '../../trpc.ts'
import { newId } from '../../ui/id.ts'
import { Store, useStore } from '../../ui/store.ts'

export type Connection = inferRouterOutputs<AppRouter>['listConnections'][number]
export type Trial = inferRouterOutputs<AppRouter>['testConnection']
type Inputs = inferRouterInputs<AppRouter>

/** The engine that every notebook has, as people call it. */
export const EMBEDDED_NAME = 'DuckDB in the notebook'

export type ConnectionList =
  | { status: 'loading' }
  | { status: 'failed'; message: string }
  | { status: 'loaded'; connections: readonly Connection[] }

/** The databases of whoever is signed in: one list for the cells, the dialog and the panel. */
export class Connections {
  readonly list = new Store<ConnectionList>({ status: 'loading' })
  readonly #api: Api
  #asked = false

  constructor(api: Api) {
    this.#api = api
  }

  /** Asks when nobody has, or when it went wrong. */
  ensure(): void {
    if (!this.#asked) void this.load()
  }

  async load(): Promise<void> {
    this.#asked = true
    try {
      this.list.set({ status: 'loaded', connections: await this.#api.listConnections.query() })
    } catch (error) {
      this.#asked = false
      this.list.set({ status: 'failed', message: describeError(error) })
    }
  }

  // What may be repeated is known by its `opId`; whatever is refused rejects, and the caller says so where it happened.

  readonly add = (given: Omit<Inputs['addConnection'], 'opId'>) =>
    this.#changed(this.#api.addConnection.mutate({ ...given, opId: newId() }))

  readonly update = (patch: Omit<Inputs['updateConnection'], 'opId'>) =>
    this.#changed(this.#api.updateConnection.mutate({ ...patch, opId: newId() }))

  readonly remove = (id: string) => this.#changed(this.#api.removeConnection.mutate({ id, opId: newId() }))

  readonly test = (of: { id: string } | { url: string; readOnly: boolean }): Promise<Trial> => this.#api.testConnection.mutate(of)

  async #changed<T>(change: Promise<T>): Promise<T> {
    const answer = await change
    await this.load()
    return answer
  }
}

const known = new WeakMap<Clients, Connections>()

export function useConnections(): Connections {
  const clients = useClients()
  const connections = known.get(clients) ?? new Connections(clients.api)
  known.set(clients, connections)
  return connections
}

export function useConnectionList(): ConnectionList {
  const connections = useConnections()
  useEffect(() => connections.ensure(), [connections])
  return useStore(connections.list)
}

/** `ann@db.example.org:6432/sales`: where it leads, without what must stay secret. */
export function placeOf({ address }: Connection): string {
  return address ? `${address.user}@${address.host}:${address.port}/${address.database}` : 'address unknown'
}
