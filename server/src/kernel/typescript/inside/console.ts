import { describe } from './describe.ts'
import { isError } from './errors.ts'
import { printTree } from './print.ts'

export type Sink = (name: 'stdout' | 'stderr', text: string) => void

/** A console whose text goes to `sink`. Only the methods people use; none of them throws. */
export function makeConsole(sink: Sink, now: () => number): Record<string, (...args: unknown[]) => void> {
  const timers = new Map<string, number>()
  const counts = new Map<string, number>()
  let indent = ''
  const line = (name: 'stdout' | 'stderr', text: string) =>
    sink(name, `${indent}${indent ? text.replaceAll('\n', `\n${indent}`) : text}\n`)
  const out = (...args: unknown[]) => line('stdout', formatArguments(args))
  const err = (...args: unknown[]) => line('stderr', formatArguments(args))
  const elapsed = (label: string) => `${label}: ${(now() - (timers.get(label) ?? now())).toFixed(1)} ms`
  const group = (...args: unknown[]) => {
    if (args.length > 0) out(...args)
    indent += '  '
  }
  return {
    log: out,
    info: out,
    debug: out,
    dir: (value) => out(value),
    dirxml: out,
    table: (value) => out(value),
    warn: err,
    error: err,
    trace: (...args) => err('Trace:', ...args),
    assert: (condition, ...args) => condition || err('Assertion failed', ...args),
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2)
    },
    time: (label = 'default') => timers.set(String(label), now()),
    timeLog: (label = 'default') => out(elapsed(String(label))),
    timeEnd: (label = 'default') => {
      out(elapsed(String(label)))
      timers.delete(String(label))
    },
    count: (label = 'default') => {
      counts.set(String(label), (counts.get(String(label)) ?? 0) + 1)
      out(`${label}: ${counts.get(String(label))}`)
    },
    countReset: (label = 'default') => counts.delete(String(label)),
    clear: () => undefined,
  }
}

/** Arguments as a console prints them; strings stand for themselves. */
export function formatArguments(args: readonly unknown[]): string {
  const [first, ...rest] = args
  if (typeof first !== 'string' || rest.length === 0 || !first.includes('%')) return args.map(plainText).join(' ')
  let used = 0
  const text = first.replace(/%([sdifoOjc%])/g, (whole, kind: string) => {
    if (kind === '%') return '%'
    return used < rest.length ? directive(kind, rest[used++]) : whole
  })
  return [text, ...rest.slice(used).map(plainText)].join(' ')
}

function directive(kind: string, value: unknown): string {
  if (kind === 'c') return ''
  if (kind === 'd' || kind === 'i' || kind === 'f') {
    const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
    return String(kind === 'i' ? Math.trunc(number) : number)
  }
  return plainText(value)
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && isError(value)) return printTree(describe(value, { depth: 2 }))
  return printTree(describe(value, { depth: 4, nodes: 1_000 }))
}
