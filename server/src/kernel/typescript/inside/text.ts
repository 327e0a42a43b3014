import { apply } from './safe.ts'

/** Methods of text and of patterns as they were before any cell ran: whatever shows a value uses these. */

const { slice, indexOf, lastIndexOf, charCodeAt, toLowerCase, trim } = String.prototype
const { exec } = RegExp.prototype

export function cut(text: string, start: number, end?: number): string {
  return apply(slice, text, [start, end]) as string
}

export function find(text: string, part: string, from = 0): number {
  return apply(indexOf, text, [part, from]) as number
}

export function findLast(text: string, part: string): number {
  return apply(lastIndexOf, text, [part]) as number
}

export function includes(text: string, part: string): boolean {
  return find(text, part) >= 0
}

export function begins(text: string, start: string): boolean {
  return cut(text, 0, start.length) === start
}

export function codeAt(text: string, at: number): number {
  return apply(charCodeAt, text, [at]) as number
}

export function lowerCase(text: string): string {
  return apply(toLowerCase, text, []) as string
}

export function trimmed(text: string): string {
  return apply(trim, text, []) as string
}

export function match(pattern: RegExp, text: string): RegExpExecArray | null {
  return apply(exec, pattern, [text]) as RegExpExecArray | null
}

export function matches(pattern: RegExp, text: string): boolean {
  return match(pattern, text) !== null
}

/** `pattern` is global and never matches nothing. */
export function replaced(text: string, pattern: RegExp, by: (found: RegExpExecArray) => string): string {
  let result = ''
  let from = 0
  pattern.lastIndex = 0
  for (let found = match(pattern, text); found; found = match(pattern, text)) {
    result += cut(text, from, found.index) + by(found)
    from = found.index + found[0].length
  }
  return from === 0 ? text : result + cut(text, from)
}

export function joined(parts: readonly string[], separator: string): string {
  let text = ''
  for (let i = 0; i < parts.length; i += 1) text += i === 0 ? String(parts[i]) : separator + String(parts[i])
  return text
}

export function repeated(part: string, times: number): string {
  let text = ''
  for (let i = 0; i < times; i += 1) text += part
  return text
}
