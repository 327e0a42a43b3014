import type { Run } from './run.ts'
import { apply } from './safe.ts'

type Timer = (...given: unknown[]) => number
type Timers = Record<'setTimeout' | 'setInterval' | 'clearInterval', Timer>

/**
 * Timers of a run that was given up do not go off: what it set going would come back when the interrupt is over, with nobody to stop it, and
 * might never let go of the thread.
 */
export function bindTimers(global: object, current: () => Run | undefined): void {
  const { setTimeout, setInterval, clearInterval } = global as Timers
  const bound = (original: Timer, end: (id: number) => void): Timer =>
    function timer(...given) {
      const run = current()
      const callback = given[0]
      if (!run || typeof callback !== 'function') return apply(original, undefined, given) as number
      given[0] = function goesOff(this: unknown, ...values: unknown[]): unknown {
        return run.givenUp ? end(id) : apply(callback, this, values)
      }
      const id = apply(original, undefined, given) as number
      return id
    }
  define(
    global,
    'setTimeout',
    bound(setTimeout, () => undefined),
  )
  define(
    global,
    'setInterval',
    bound(setInterval, (id) => apply(clearInterval, undefined, [id])),
  )
}

function define(global: object, name: string, value: Timer): void {
  Object.defineProperty(value, 'name', { value: name })
  Object.defineProperty(global, name, { value, configurable: true, writable: true, enumerable: true })
}
