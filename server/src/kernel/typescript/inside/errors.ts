import * as brands from './brands.ts'
import { describe } from './describe.ts'
import { printTree } from './print.ts'
import type { RawError, RawFrame } from './protocol.ts'
import { apply, orElse } from './safe.ts'
import { cut, find, includes, match } from './text.ts'

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
const MAX_STACK = 100_000
const NOT_DEFINED = /^(\S+) is not defined$/
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

const { toString: tagOf } = Object.prototype
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const UNREADABLE: RawError = { name: 'Error', message: 'An error that cannot be shown', frames: [] }

/** Also where cells have tampered with what reading an error takes. */
export function readSafely(thrown: unknown): RawError {
  return orElse(() => readError(thrown), UNREADABLE)
}

export function isError(value: unknown): value is Error {
  return read(() => (isObject(value) && brands.isErrorObject(value)) || apply(tagOf, value, []) === '[object Error]') === true
}

function missingName(message: string): { missing?: string } {
  const name = match(NOT_DEFINED, message)?.[1]
  return name ? { missing: name } : {}
}

function causeText(cause: unknown): string {
  return isError(cause) ? `${text(() => cause.name)}: ${text(() => cause.message)}` : textOf(cause)
}

function textOf(value: unknown): string {
  return cut(typeof value === 'string' ? value : printTree(describe(value)), 0, MAX_MESSAGE)
}

/** Frames outside of cells are not the user's. */
export function framesOf(stack: string): RawFrame[] {
  const frames: RawFrame[] = []
  const text = `${cut(stack, 0, MAX_STACK)}\n`
  for (let from = 0, to = find(text, '\n'); to >= 0 && frames.length < MAX_FRAMES; from = to + 1, to = find(text, '\n', from)) {
    const found = match(FRAME, cut(text, from, to))
    if (!found) continue
    frames[frames.length] = { url: String(found[2]), line: Number(found[3]), column: Number(found[4]), ...functionName(found[1]) }
  }
  return frames
}

function functionName(fn: string | undefined): { in?: string } {
  return fn && fn !== 'eval' && !includes(fn, '<anonymous>') ? { in: cut(fn, 0, 200) } : {}
}

function text(get: () => unknown): string {
  const value = read(get)
  return typeof value === 'string' ? cut(value, 0, MAX_MESSAGE * 10) : ''
}

/** Properties of a thrown value may be getters that throw themselves; they count as absent. */
function read(get: () => unknown): unknown {
  try {
    return get()
  } catch {
    return undefined
  }
}
