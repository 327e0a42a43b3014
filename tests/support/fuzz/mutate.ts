import type { Chance } from '../random.ts'

/** Makes nonsense of what was sensible: of a value, of its text, of its bytes. */

const ODD: readonly unknown[] = [
  ...[null, true, '', ' ', 0, -1, 0.5, 2 ** 53, -(2 ** 31), 1e308, [], {}, [[]], 'null', 'demo', 'blank', 'undefined'],
  ...['\0', '\ud800', '\udfffx', '𝒳', '../../../etc/passwd', '%00', '$' + '{1}', "'; drop table cells; --", '<script>', 'NaN'],
  ...['constructor', '__proto__', 'x'.repeat(3_000), Array(300).fill(null), { toString: 1, toJSON: 'no', length: -1 }],
]

type Key = string | number
interface Place {
  holder: Record<Key, unknown>
  key: Key
}

/** Every place in a value that holds something. */
function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found
  for (const key of Object.keys(value)) {
    const holder = value as Record<Key, unknown>
    found.push({ holder, key })
    placesIn(holder[key], found)
  }
  return found
}

/** The same message, with something in it that does not belong there, is missing, or is too much. */
export function mutated(message: object, chance: Chance): unknown {
  const copy: unknown = structuredClone(message)
  for (let left = 1 + chance.below(3); left > 0; left -= 1) {
    const places = placesIn(copy)
    if (places.length === 0) return chance.oneOf(ODD)
    const { holder, key } = chance.oneOf(places)
    const dice = chance.below(10)
    if (dice < 5) holder[key] = structuredClone(chance.oneOf(ODD))
    else if (dice < 6) delete holder[key]
    else if (dice < 7 && !Array.isArray(holder)) holder[chance.oneOf(['__proto__', 'constructor', 'extra', '', '0'])] = 1
    else if (dice < 8) holder[key] = deep(chance.below(60), holder[key])
    else if (dice < 9) holder[key] = [holder[key], holder[key]]
    else {
      holder[key] = chance.oneOf(places).holder
      if (isEndless(copy)) return chance.oneOf(ODD)
    }
  }
  return copy
}

function deep(levels: number, value: unknown): unknown {
  let made = value
  for (let level = 0; level < levels; level += 1) made = level % 2 === 0 ? [made] : { a: made }
  return made
}

/** A value that holds itself, or too much of itself, is no message. */
function isEndless(value: unknown): boolean {
  try {
    return (JSON.stringify(value)?.length ?? 0) > 100_000
  } catch {
    return true
  }
}

/** The bytes with some of them changed, gone, or there twice. */
export function garbled(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.below(bytes.length + 1)
  const length = 1 + chance.below(12)
  switch (chance.below(5)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), noise(length, chance), bytes.subarray(at)])
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    case 3:
      return Buffer.concat([bytes, bytes.subarray(at)])
    default: {
      const copy = Buffer.from(bytes)
      if (at < copy.length) copy[at] = chance.below(256)
      return copy
    }
  }
}

export function noise(length: number, chance: Chance): Buffer {
  return Buffer.from(Array.from({ length }, () => chance.below(256)))
}

/** JSON that is nested so deep that reading it carelessly ends the reader. */
export function deepJson(levels: number): string {
  return `${'[{"a":'.repeat(levels)}1${'}]'.repeat(levels)}`
}
