import { type LookupFunction, Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import pg from 'pg'
import type { Address } from '../../../connections/address.ts'
import { guard } from './guard.ts'

/** Where to, and how. */
export interface Target {
  address: Address
  lookup: LookupFunction
  /** Whether TLS is asked for; a server that has none refuses then. */
  secure: boolean
}

export const CONNECT_MS = 10_000
const KEEP_ALIVE_MS = 30_000
const APPLICATION = 'Rivulet'

/** Names are looked up as the operator's rules want it. */
class RuledSocket extends Socket {
  readonly #lookup: LookupFunction

  constructor(lookup: LookupFunction) {
    super()
    this.#lookup = lookup
  }

  override connect(...args: unknown[]): this {
    const [port, host] = args
    return super.connect({ port: Number(port), host: String(host), lookup: this.#lookup })
  }
}

/** Every value stays the text that PostgreSQL sends. */
export const RAW = { getTypeParser: () => (text: string | Buffer) => text }

function clientConfig({ address, lookup, secure }: Target): pg.ClientConfig {
  const { host, port, user, database, password } = address
  return {
    ...{ host, port, user, database },
    // A function: an empty one would be looked for in the environment and the files of this server.
    password: () => password,
    ssl: secure ? tlsOptions(address) : false,
    sslnegotiation: 'postgres',
    stream: () => new RuledSocket(lookup),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: CONNECT_MS,
    types: RAW,
  }
}

/** As libpq does it: only the last two modes ask who is at the other end, and only the last one whether it is the host that was meant. */
function tlsOptions({ sslMode, host }: Address): ConnectionOptions {
  const verifies = sslMode === 'verify-ca' || sslMode === 'verify-full'
  return { host, rejectUnauthorized: verifies, ...(sslMode === 'verify-ca' && { checkServerIdentity: () => undefined }) }
}

/** A client whose server cannot hurt this process. */
export class GuardedClient extends pg.Client {
  readonly target: Target
  /** What was wrong with the connection itself, which later errors do not say. */
  broken: Error | undefined

  constructor(target: Target) {
    super(clientConfig(target))
    this.target = target
    // Without a listener it would end the process; whoever uses the client gets it from what they do.
    this.on('error', (error) => {
      this.broken ??= error
    })
    const { connection } = this
    if (target.secure) connection.once('sslconnect', () => guard(connection.stream))
    else guard(connection.stream)
  }

  /** What the server is told at first: the library would add what this process's own environment says. */
  getStartupConf(): Record<string, string> {
    const { user, database, options, applicationName } = this.target.address
    return { user, database, application_name: applicationName ?? APPLICATION, ...(options && { options }) }
  }

  /** Nothing more is expected from it. */
  destroy(reason: Error): void {
    this.connection.stream.destroy(reason)
  }

  /** Asks the server to end what this client runs; resolves when it has been asked. Over a connection of its own. */
  async cancel(): Promise<void> {
    const { processID, secretKey } = this as { processID?: unknown; secretKey?: unknown }
    if (typeof processID !== 'number' || typeof secretKey !== 'number') return
    await cancelRequest(this.target, processID, secretKey)
  }
}

const CANCEL = 80_877_102
const SSL_REQUEST = 80_877_103

function cancelRequest({ address, lookup, secure }: Target, processId: number, secretKey: number): Promise<void> {
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(CANCEL, 4)
  request.writeInt32BE(processId, 8)
  request.writeInt32BE(secretKey, 12)
  return new Promise((resolve) => {
    const socket = new Socket()
    // That the server has closed the connection is all it ever answers; one that cannot be reached has lost the run anyway.
    socket.on('error', () => undefined).on('close', () => resolve())
    socket.setTimeout(CONNECT_MS, () => socket.destroy())
    socket.connect({ host: address.host, port: address.port, lookup }, () => {
      if (!secure) return void socket.end(request)
      const ask = Buffer.alloc(8)
      ask.writeInt32BE(8, 0)
      ask.writeInt32BE(SSL_REQUEST, 4)
      socket.write(ask)
      socket.once('data', (answer) => {
        if (answer.toString() !== 'S') return void socket.destroy()
        const secured = connectTls({ ...tlsOptions(address), socket })
        secured.on('error', () => socket.destroy()).on('secureConnect', () => secured.end(request))
      })
    })
  })
}
