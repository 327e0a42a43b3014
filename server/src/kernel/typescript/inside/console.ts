import { consoleTable } from './consoleTable.ts'
import { describe } from './describe.ts'
import { Interrupted, isError } from './errors.ts'
import { printTree } from './print.ts'
import { apply, mapped, SafeMap } from './safe.ts'
import { cut, includes, joined, replaced } from './text.ts'

const { toFixed } = Number.prototype
const LINE_FEED = /\n/g
const DIRECTIVE = /%([sdifoOjc%])/g

export type Sink = (name: 'stdout' | 'stderr', text: string) => void

/** A console whose text goes to `sink`. Only the methods people use; none of them throws. */
export function makeConsole(sink: Sink, now: () => number): Record<string, (...args: unknown[]) => void> {
  const timers = new SafeMap<string, number>()
  const counts = new SafeMap<string, number>()
  let indent = ''
  const line = (name: 'stdout' | 'stderr', text: string) =>
    sink(name, `${indent}${indent ? replaced(text, LINE_FEED, () => `\n${indent}`) : text}\n`)
  const out = (...args: unknown[]) => line('stdout', formatArguments(args))
  const err = (...args: unknown[]) => line('stderr', formatArguments(args))
  const elapsed = (label: string) => `${label}: ${apply(toFixed, now() - (timers.get(label) ?? now()), [1])} ms`
  const group = (...args: unknown[]) => {
    if (args.length > 0) line('stdout', formatArguments(args))
    indent += '  '
  }
  return {
    log: out,
    info: out,
    debug: out,
    dir: (value) => out(value),
    dirxml: out,
    table: (value, ...rest) => {
      const text = rest.length === 0 ? tableText(value) : undefined
      if (text === undefined) out(value, ...rest)
      else line('stdout', text)
    },
    warn: err,
    error: err,
    trace: (...args) => line('stderr', joined(['Trace:', formatArguments(args)], ' ')),
    assert: (condition, ...args) => condition || line('stderr', joined(['Assertion failed', formatArguments(args)], ' ')),
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = cut(indent, 2)
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

/** A value whose own code throws is printed some other way. */
function tableText(value: unknown): string | undefined {
  try {
    return consoleTable(value)
  } catch (error) {
    if (Interrupted.is(error)) throw error
    return undefined
  }
}

/** Arguments as a console prints them; strings stand for themselves. */
export function formatArguments(args: readonly unknown[]): string {
  const first = args[0]
  if (typeof first !== 'string' || args.length === 1 || !includes(first, '%')) return joined(mapped(args, plainText), ' ')
  let used = 1
  let text = replaced(first, DIRECTIVE, (found) => {
    if (found[1] === '%') return '%'
    return used < args.length ? directive(String(found[1]), args[used++]) : found[0]
  })
  for (; used < args.length; used += 1) text += ` ${plainText(args[used])}`
  return text
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
