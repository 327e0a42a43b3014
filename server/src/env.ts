import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import type { SqlHosts } from './connections/hosts.ts'
import { parseKey } from './connections/secrets.ts'

const whole = z.coerce.number().int()
const isWebAddress = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
const webAddress = z.string().refine(isWebAddress, 'must be an address that begins with http:// or https://')
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const origins = z.string().transform((text, ctx) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      if (!isWebAddress(part))
        ctx.addIssue({ code: 'custom', message: `"${part}" is not an origin such as https://notebooks.example.org` })
      return part.replace(/\/$/, '')
    }),
)

const secretKey = z.string().transform((text, ctx): Buffer => {
  const key = parseKey(text.trim())
  if (key) return key
  ctx.addIssue({ code: 'custom', message: 'must be 32 random bytes in base64: openssl rand -base64 32' })
  return z.NEVER
})

const DATABASE_HOST = /^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]|[0-9a-f:.]+)(?::\d{1,5})?$/i
const sqlHosts = z.string().transform((text, ctx): SqlHosts => {
  if (text === 'public' || text === 'any' || text === 'none') return text
  const hosts = text.split(',').map((part) => part.trim())
  const wrong = hosts.find((host) => !DATABASE_HOST.test(host))
  if (wrong === undefined) return hosts
  ctx.addIssue({ code: 'custom', message: `must be public, any, none, or a list of hosts; "${wrong}" is none` })
  return z.NEVER
})

const Issuer = z.strictObject({
  issuer: z.string().min(1),
  jwksUrl: webAddress,
  audience: z.string().min(1),
  algorithms: z.array(z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])).min(1),
})
/** An issuer whose tokens are accepted, besides the built-in one. */
export type TrustedIssuer = z.infer<typeof Issuer>

const issuers = z.string().transform((text, ctx): TrustedIssuer[] => {
  try {
    return z.array(Issuer).parse(JSON.parse(text))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'it is not JSON'
    ctx.addIssue({ code: 'custom', message: `must be a JSON list of { issuer, jwksUrl, audience, algorithms }: ${why}` })
    return z.NEVER
  }
})

/** Every variable the server reads, with its default and what it is for. */
const variables = {
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  PORT: whole.min(0).max(65_535).default(3000).describe('Port to listen on; 0 picks a free one.'),
  DATA_DIR: z.string().min(1).default('./data').describe('Folder of the database (rivulet.db) and of the generated secret.'),
  PUBLIC_URL: webAddress.optional().describe('Address people use, when a proxy stands in front: https://notebooks.example.org'),
  ALLOWED_ORIGINS: origins.default([]).describe('Further origins whose pages may connect, separated by commas.'),
  TRUSTED_ISSUERS: issuers
    .default([])
    .describe(
      'JSON list of further token issuers: [{ "issuer", "jwksUrl", "audience", "algorithms" }]. Clerk or any OIDC provider is one entry.',
    ),
  AUTH_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('Encrypts the signing keys and signs sessions; generated once into DATA_DIR/secret when absent.'),
  SECRET_KEY: secretKey
    .optional()
    .describe(
      'Encrypts the connection strings of databases: 32 bytes in base64 (openssl rand -base64 32); generated once into DATA_DIR/secret.key when absent.',
    ),
  LOG_LEVEL: z
    .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug'])
    .default('warn')
    .describe('How much is logged, to standard error.'),
  RATE_LIMIT_PER_MINUTE: whole.min(1).default(3000).describe('Requests a user may make a minute; a quarter of them at once.'),
  GUESTS_PER_MINUTE: whole.min(1).default(600).describe('Guests one address may become a minute.'),
  SIGN_INS_PER_MINUTE: whole.min(1).default(30).describe('E-mail sign-ins and sign-ups one address may try a minute.'),
  SUBSCRIPTIONS_PER_SOCKET: whole
    .min(1)
    .default(50)
    .describe('Subscriptions one WebSocket may hold, and one user over server-sent events.'),
  SUBSCRIPTIONS_PER_USER: whole.min(1).default(2000).describe('Subscriptions one user may hold over all WebSockets.'),
  SOCKETS_PER_USER: whole.min(1).default(2000).describe('WebSockets one user may hold.'),
  UNKNOWN_SOCKETS_PER_ADDRESS: whole
    .min(1)
    .default(4000)
    .describe('WebSockets of one address that have not yet said whose they are; they have five seconds for it.'),
  CELL_NETWORK: z
    .enum(['public', 'any', 'none'])
    .default('public')
    .describe(
      'Hosts that owners may allow their cells to reach: public names only, any (also addresses and this machine), or none.',
    ),
  SQL_HOSTS: sqlHosts
    .optional()
    .describe(
      'PostgreSQL servers that people may connect to: public addresses only, any, none, or a list such as db.example.org,10.0.0.5:5432. When absent: any while this server itself can be reached from this machine only, else public.',
    ),
  SQL_STATEMENT_SECONDS: z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(60)
    .describe('Seconds that one statement may take on a PostgreSQL; 0: as long as it likes.'),
  SQL_CONNECTIONS: whole
    .min(1)
    .max(100)
    .default(5)
    .describe('Connections that this server holds to one database of a user at a time.'),
  CELL_PACKAGES: z
    .string()
    .min(1)
    .optional()
    .describe('JSON file with a list of further packages that cells may import, installed beside that file.'),
  KERNEL_HEAP_MB: whole.min(64).default(512).describe('JavaScript heap of one kernel.'),
  KERNEL_RSS_MB: whole.min(128).default(1024).describe('Memory of one kernel process, array buffers included.'),
  KERNEL_RUN_SECONDS: z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('Seconds that one run of a cell may take, without its time in the queue; 0: as long as it likes.'),
  KERNEL_IDLE_MINUTES: z.coerce
    .number()
    .positive()
    .max(10_000)
    .default(30)
    .describe('A kernel that was idle for so long is put away; outputs stay.'),
  KERNELS_PER_USER: whole.min(1).default(10).describe('Kernels one user may have at a time.'),
  NOTEBOOKS_PER_USER: whole.min(1).default(20_000).describe('Notebooks one user may have, those in the bin included.'),
  KERNEL_WARM_SPARE: flag.default(true).describe('Keep one kernel started, so that a first run need not wait.'),
  SQL_MEMORY_MB: whole
    .min(128)
    .default(1024)
    .describe('Memory of the SQL engine of one notebook for its tables and queries; what is more goes to disk.'),
  SQL_TEMP_MB: whole
    .min(0)
    .default(4096)
    .describe('What the SQL engine of one notebook may write to DATA_DIR/sql when its memory is full.'),
  SQL_THREADS: whole
    .min(0)
    .max(256)
    .default(0)
    .describe('Threads of the SQL engine of one notebook; 0: one per processor, four at most.'),
  SQL_SANDBOX: z
    .enum(['auto', 'required', 'off'])
    .default('auto')
    .describe('Run the SQL engine inside bubblewrap: auto where that works, required or not at all, off.'),
  FILE_MAX_MB: z.coerce
    .number()
    .positive()
    .max(1_000_000)
    .default(200)
    .describe('Size of one file that is uploaded into a notebook, MiB.'),
  FILES_QUOTA_MB: z.coerce
    .number()
    .min(0)
    .max(10_000_000)
    .default(1024)
    .describe('All files of one user together, those of notebooks in the bin as well, MiB; 0: nobody can upload.'),
  STOP_GRACE_SECONDS: z.coerce
    .number()
    .min(0)
    .max(3_600)
    .default(5)
    .describe('Seconds that running cells have to end when the server is told to stop; within five more it has stopped.'),
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('production')
    .describe('development serves the sources with hot reload.'),
} as const

const Env = z.object(variables)
export type Env = z.infer<typeof Env>

export class EnvError extends Error {
  override readonly name = 'EnvError'
}

/**
 * The parsed environment; the only reader of `process.env`.
 * @throws EnvError naming each variable that has a bad value, and why.
 */
export function loadEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([name, value]) => name in variables && value !== ''))
  const parsed = Env.safeParse(given)
  if (!parsed.success) {
    throw new EnvError(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`).join('\n'))
  }
  return { ...parsed.data, DATA_DIR: fromWorkspace(parsed.data.DATA_DIR, source.INIT_CWD ?? process.cwd()) }
}

/** A relative folder counts from the workspace, not from the package that a script happens to run in. */
function fromWorkspace(path: string, cwd: string): string {
  if (isAbsolute(path)) return path
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return resolve(folder, path)
    if (folder === dirname(folder)) return resolve(cwd, path)
  }
}

/** `.env.example`: every variable with its sentence and default. */
export function envExample(): string {
  const defaults: Record<string, unknown> = Env.parse({})
  const lines = Object.entries(variables).map(([name, schema]) => {
    const value = defaults[name]
    const shown = value === undefined || Array.isArray(value) ? '' : String(value)
    return `# ${schema.description}\n# ${name}=${shown}\n`
  })
  return `# Every variable is optional; these are the defaults.\n\n${lines.join('\n')}`
}

const THIS_MACHINE = new Set(['127.0.0.1', '::1', 'localhost'])

/** Whoever is alone with the server may reach what they can reach anyway; others must not look around inside its network. */
export function sqlHostsOf({ SQL_HOSTS, HOST, PUBLIC_URL }: Env): SqlHosts {
  return SQL_HOSTS ?? (THIS_MACHINE.has(HOST) && PUBLIC_URL === undefined ? 'any' : 'public')
}
