import { afterAll, beforeAll } from 'vitest'
import type { Client } from './connection.ts'
import { TestServer } from './testServer.ts'

/** What the tests of one file share once it has begun; do not take it apart before. */
export interface SignedIn {
  server: TestServer
  /** Queries and mutations of one guest, over HTTP. */
  client: Client
  token: string
}

/** A server and a guest for all tests of a file; the server ends with them. */
export function useSignedIn(): SignedIn {
  const shared: Partial<SignedIn> = {}
  beforeAll(async () => {
    shared.server = await TestServer.start()
    shared.token = (await shared.server.guest()).token
    shared.client = shared.server.http(shared.token)
  })
  afterAll(() => shared.server?.close())
  const ready = <K extends keyof SignedIn>(name: K): SignedIn[K] => {
    const value = shared[name]
    if (value === undefined) throw new Error('The tests have not begun')
    return value as SignedIn[K]
  }
  return {
    get server() {
      return ready('server')
    },
    get client() {
      return ready('client')
    },
    get token() {
      return ready('token')
    },
  }
}
