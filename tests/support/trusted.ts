import { afterAll, beforeAll } from 'vitest'
import type { Client } from './connection.ts'
import { nowInSeconds, TestIssuer } from './issuer.ts'
import { ServerProcess, temporaryFolder } from './serverProcess.ts'

const FOR_EVER = 3_600

/** The program in a process of its own, which tests stop, kill and start again on its data; tokens are from an issuer that it trusts. */
export class TrustedServer {
  readonly data = temporaryFolder()
  readonly #env: Record<string, string>
  #issuer: TestIssuer | undefined
  #process: ServerProcess | undefined

  constructor(env: Record<string, string>) {
    this.#env = { DATA_DIR: this.data.path, RATE_LIMIT_PER_MINUTE: '1000000', ...env }
  }

  get issuer(): TestIssuer {
    if (!this.#issuer) throw new Error('the server has not been started')
    return this.#issuer
  }

  get url(): string {
    return this.#running.url
  }

  get pid(): number {
    return this.#running.pid
  }

  get #running(): ServerProcess {
    if (!this.#process) throw new Error('the server has not been started')
    return this.#process
  }

  http(token: string): Client {
    return this.#running.http(token)
  }

  /** Valid for an hour. */
  token(user: string): Promise<string> {
    return this.issuer.token(user, { expiresAt: nowInSeconds() + FOR_EVER })
  }

  /** Also again, after the one before has ended. */
  async start(): Promise<void> {
    this.#issuer ??= await TestIssuer.start()
    this.#process = await ServerProcess.start({ TRUSTED_ISSUERS: JSON.stringify([this.#issuer.entry]), ...this.#env })
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string> {
    return this.#running.kill(signal)
  }

  async end(): Promise<void> {
    await this.#process?.kill('SIGKILL')
    this.#issuer?.close()
    this.data.remove()
  }
}

/** One for all tests of a file. */
export function useTrustedServer(env: Record<string, string> = {}): TrustedServer {
  const server = new TrustedServer(env)
  beforeAll(() => server.start(), 60_000)
  afterAll(() => server.end())
  return server
}
