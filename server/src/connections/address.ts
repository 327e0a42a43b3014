import { isIP } from 'node:net'

/** How a connection is encrypted, in PostgreSQL's own words. */
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof SSL_MODES)[number]

/** What a connection string says. The password goes to the server it names, and nowhere else. */
export interface Address {
  host: string
  port: number
  database: string
  user: string
  password: string
  sslMode: SslMode
  /** Of the server process, as `-c search_path=sales`. */
  options?: string
  applicationName?: string
}

/** What people may see of it. */
export type MaskedAddress = Pick<Address, 'host' | 'port' | 'database' | 'user' | 'sslMode'>

/** The message never holds anything of the text: it may be a password. */
export class AddressError extends Error {
  override readonly name = 'AddressError'
}

const DEFAULT_PORT = 5432
/** These change nothing here, and providers write them into the strings that they hand out. */
const WITHOUT_EFFECT = new Set(['channel_binding', 'connect_timeout', 'gssencmode', 'pgbouncer', 'target_session_attrs'])

/**
 * Reads `postgresql://user:password@host:port/database?sslmode=…`. Parameters that name files of the server, or that nobody
 * here understands, are refused: silently left away they would mean something else.
 * @throws AddressError
 */
export function parseAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw new AddressError('A connection string looks like postgresql://user:password@host:5432/database.')
  const host = hostOf(url)
  const user = decoded(url.username)
  if (!user) throw new AddressError('Say in the connection string which user to be: postgresql://user:password@host/database.')
  const { sslMode, options, applicationName } = parametersOf(url)
  return {
    host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database: decoded(url.pathname.slice(1)) || user,
    user,
    password: decoded(url.password),
    sslMode,
    ...(options && { options }),
    ...(applicationName && { applicationName }),
  }
}

export function masked({ host, port, database, user, sslMode }: Address): MaskedAddress {
  return { host, port, database, user, sslMode }
}

function hostOf(url: URL): string {
  const host = decoded(url.hostname).replace(/^\[(.*)\]$/, '$1')
  if (host === '') throw new AddressError('The connection string names no host.')
  if (host.includes('/')) throw new AddressError('Connections go over the network: give a host name, not the folder of a socket.')
  if (isIP(host) === 0 && !/^[\p{L}\p{N}](?:[\p{L}\p{N}._-]*[\p{L}\p{N}_.])?$/u.test(host))
    throw new AddressError('The connection string names no host that can be reached: one name or one address is expected.')
  return host.toLowerCase()
}

function parametersOf(url: URL): Pick<Address, 'sslMode' | 'options' | 'applicationName'> {
  const given = new Map(url.searchParams)
  const sslMode = given.get('sslmode') ?? 'prefer'
  const options = given.get('options')
  const applicationName = given.get('application_name')
  const unknown = [...given.keys()].filter(
    (name) => !['sslmode', 'options', 'application_name'].includes(name) && !WITHOUT_EFFECT.has(name),
  )
  if (unknown.length > 0)
    throw new AddressError(`The connection string has parameters that cannot be used here: ${unknown.map(shown).join(', ')}.`)
  const known = SSL_MODES.find((mode) => mode === sslMode)
  if (!known) throw new AddressError(`sslmode has to be one of ${SSL_MODES.join(', ')}.`)
  return { sslMode: known, ...(options && { options }), ...(applicationName && { applicationName }) }
}

/** Names of parameters are words; anything else may be a piece of a password that was not encoded. */
function shown(name: string): string {
  return /^[a-z_]{1,40}$/.test(name) ? name : 'one that is not a name (is an “&”, “?” or “#” of the password not encoded?)'
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AddressError('The connection string has a “%” in it that encodes nothing: write %25.')
  }
}
