import type { WireFailure } from './protocol.ts'

/** Why something was not done, as it goes to the server. */
export class Failure extends Error {
  readonly kind: WireFailure['kind']
  readonly offset: number | undefined
  readonly code: string | undefined
  statement = 0

  constructor(kind: WireFailure['kind'], message: string, { offset, code }: { offset?: number; code?: string } = {}) {
    super(message)
    this.kind = kind
    this.offset = offset
    this.code = code
  }

  wire(): WireFailure {
    const { kind, message, statement, offset, code } = this
    return { kind, message, statement, ...(offset !== undefined && { offset }), ...(code !== undefined && { code }) }
  }
}

/** Nothing works any more: the process ends, so that a new one takes its place. */
export class Broken extends Error {}

/** The engine's own error; `prefix` is what stood before the user's text. */
export function failureOf(error: unknown, { prefix = 0, schema = '' } = {}): Failure {
  if (error instanceof Failure) return error
  const text = error instanceof Error ? error.message : String(error)
  const { exception_type: type, exception_message: message, position } = detailsOf(text)
  const code = typeof type === 'string' ? type : undefined
  if (code === 'Interrupt' || code === 'INTERRUPT') return new Failure('cancelled', 'The query was stopped.')
  const at = position === undefined ? Number.NaN : Number(position) - prefix
  const offset = at >= 0 ? { offset: at } : {}
  return new Failure('database', readable(typeof message === 'string' ? message : text, code, schema), {
    ...offset,
    ...(code && { code }),
  })
}

interface Details {
  exception_type?: unknown
  exception_message?: unknown
  position?: unknown
}

/** Some errors have words before the JSON. */
function detailsOf(text: string): Details {
  const start = text.indexOf('{"exception_type"')
  if (start < 0) return {}
  try {
    return JSON.parse(text.slice(start)) as Details
  } catch {
    return {}
  }
}

const MAX_MESSAGE = 4_000
/** Instead of the advice to install one. */
const NO_EXTENSIONS = ': extensions cannot be installed or loaded.'

function readable(message: string, code: string | undefined, schema: string): string {
  const lines = message.split('\n').filter((line) => schema === '' || !line.includes(schema))
  const kept = lines.join('\n').replace(/\s*\n+LINE \d+:[\s\S]*$/, '')
  const advice = kept.search(/\s*Please try installing/)
  const text =
    advice >= 0
      ? `${kept.slice(0, advice).replace(/\.$/, '')}${NO_EXTENSIONS}`
      : kept.trim() || message.split('\n')[0] || 'The engine gave no reason.'
  // The second is the operating system's: the address space is limited, too.
  if (code === 'Out of Memory' || message.includes('(bad allocation)')) return OUT_OF_MEMORY
  return (code === 'Permission' ? withoutFiles(text) : text).slice(0, MAX_MESSAGE)
}

/** The engine's own advice is to change settings, which are fixed. */
const OUT_OF_MEMORY =
  'The query needs more memory than the SQL engine may use, on disk as well. Filter or aggregate earlier; the operator can raise SQL_MEMORY_MB and SQL_TEMP_MB.'

function withoutFiles(text: string): string {
  const what = /"([^"]*)"/.exec(text)?.[1]
  return `SQL cells cannot reach files or the network${what ? `: “${what}” stays closed` : ''}.`
}
