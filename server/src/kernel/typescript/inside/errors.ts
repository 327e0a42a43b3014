import { describe } from './describe.ts'
import { printTree } from './print.ts'
import type { RawError, RawFrame } from './protocol.ts'
import { orElse } from './safe.ts'

/** Thrown through a cell that is being interrupted. Told apart without looking at the value, which may be anything. */
export class Interrupted extends Error {
  readonly #brand = true
  override name = 'Interrupted'

  static is(value: unknown): value is Interrupted {
    return typeof value === 'object' && value !== null && #brand in value
  }
}

/** Thrown by `stop()`. */
export class Stopped extends Error {
  readonly #brand = true
  override name = 'Stopped'

  static is(value: unknown): value is Stopped {
    return typeof value === 'object' && value !== null && #brand in value
  }
}

// Cells get hold of them by catching them.
for (const sealed of [Interrupted, Stopped]) {
  Object.freeze(sealed)
  Object.freeze(sealed.prototype)
}

const MAX_MESSAGE = 10_000
const MAX_FRAMES = 30
/** Deno calls evaluated code `url, <anonymous>`. */
const FRAME = /^\s*at (?:async )?(?:(.*?) \()?(rivulet:[^\s,:)]+)(?:, <anonymous>)?:(\d+):(\d+)\)?$/

/** Total: whatever was thrown, and whatever it does when looked at. */
export function readError(thrown: unknown): RawError {
  if (!isError(thrown)) return { name: 'Error', message: `Thrown: ${textOf(thrown)}`, frames: [] }
  const name = text(() => thrown.name) || 'Error'
  const message = text(() => thrown.message)
  const cause = read(() => thrown.cause)
  return {
    name,
    message,
    frames: framesOf(text(() => thrown.stack)),
    ...(cause === undefined ? {} : { cause: causeText(cause) }),
    ...(name === 'ReferenceError' ? missingName(message) : {}),
  }
}

const UNREADABLE: RawError = { name: 'Error', message: 'An error that cannot be shown', frames: [] }

/** Also where cells have tampered with what reading an error takes. */
export function readSafely(thrown: unknown): RawError {
  return orElse(() => readError(thrown), UNREADABLE)
}

export function isError(value: unknown): value is Error {
  return read(() => value instanceof Error || Object.prototype.toString.call(value) === '[object Error]') === true
}

function missingName(message: string): { missing?: string } {
  const name = /^(\S+) is not defined$/.exec(message)?.[1]
  return name ? { missing: name } : {}
}

function causeText(cause: unknown): string {
  return isError(cause) ? `${text(() => cause.name)}: ${text(() => cause.message)}` : textOf(cause)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_MESSAGE) : printTree(describe(value)).slice(0, MAX_MESSAGE)
}

/** Frames outside of cells are not the user's. */
export function framesOf(stack: string): RawFrame[] {
  const frames: RawFrame[] = []
  for (const line of stack.slice(0, 100_000).split('\n')) {
    const match = FRAME.exec(line)
    if (!match) continue
    const [, fn, url, row, column] = match
    frames.push({ url: String(url), line: Number(row), column: Number(column), ...functionName(fn) })
    if (frames.length === MAX_FRAMES) break
  }
  return frames
}

function functionName(fn: string | undefined): { in?: string } {
  return fn && fn !== 'eval' && !fn.includes('<anonymous>') ? { in: fn.slice(0, 200) } : {}
}

function text(get: () => unknown): string {
  const value = read(get)
  return typeof value === 'string' ? value.slice(0, MAX_MESSAGE * 10) : ''
}

/** Properties of a thrown value may be getters that throw themselves; they count as absent. */
function read(get: () => unknown): unknown {
  try {
    return get()
  } catch {
    return undefined
  }
}
