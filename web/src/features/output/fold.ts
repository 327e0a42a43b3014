import { plural } from '../../ui/format.ts'
import { cutPlace } from './ansi.ts'

const FIRST_LINES = 24
const LAST_LINES = 8
/** Fewer than this are not worth a click. */
const LINES = 48
const FIRST = 4_000
const LAST = 1_000
const CHARACTERS = 8_000

export interface Folded {
  head: string
  tail: string
  /** What lies between, in words. */
  hidden: string
}

/** Of a long text its beginning and its end; `undefined` when all of it can be shown. */
export function fold(text: string): Folded | undefined {
  const lines = text.split('\n')
  if (lines.length <= LINES && text.length <= CHARACTERS) return undefined
  const head = lines.slice(0, FIRST_LINES).join('\n')
  const tail = lines.slice(-LAST_LINES).join('\n')
  if (lines.length > LINES && head.length <= FIRST && tail.length <= LAST) {
    return { head, tail, hidden: plural(lines.length - FIRST_LINES - LAST_LINES, 'more line') }
  }
  // Long lines, however many.
  const from = cutPlace(text, FIRST)
  const to = cutPlace(text, text.length - LAST)
  return { head: text.slice(0, from), tail: text.slice(to), hidden: plural(to - from, 'more character') }
}
