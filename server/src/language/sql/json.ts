import { Unfit } from './unfit.ts'

const MAX_DEPTH = 50

/**
 * JSON without silent changes: what `JSON.stringify` turns into something else is refused. A bigint keeps its digits; a
 * property that is undefined is left out, so that reading it gives undefined again.
 */
export function toJson(value: unknown, path: string): string {
  return write(value, path, 0)
}

function write(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new Unfit(path, 'has half of a character in it (a lone surrogate)')
      return JSON.stringify(value)
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      if (!Number.isFinite(value)) throw new Unfit(path, `is ${value}, which JSON does not have`)
      return Object.is(value, -0) ? '-0' : String(value)
    case 'object':
      return value === null ? 'null' : writeObject(value, path, depth)
    default:
      throw new Unfit(path, `is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}, which JSON does not have`)
  }
}

function writeObject(value: object, path: string, depth: number): string {
  if (depth >= MAX_DEPTH) throw new Unfit(path, 'is nested too deeply, or contains itself')
  if (Array.isArray(value)) {
    const elements = Array.from(value, (each: unknown, n) => write(each, `${path}[${n}]`, depth + 1))
    return `[${elements.join(',')}]`
  }
  if (value instanceof Date) throw new Unfit(path, 'is a Date within JSON, which has no dates: use its `toISOString()`')
  const prototype: unknown = Object.getPrototypeOf(value)
  // Plain objects of another realm have another Object.prototype, above which there is nothing either.
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null
  if (!isPlain) throw new Unfit(path, `is a ${value.constructor?.name || 'class instance'}, which has no equal in SQL`)
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return `{${entries.map(([key, each]) => `${write(key, path, depth)}:${write(each, `${path}.${key}`, depth + 1)}`).join(',')}}`
}
