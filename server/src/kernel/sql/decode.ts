import { z } from 'zod'

/** Reads what the sandbox's `encode` has written. It comes from a stranger's code: anything else throws. */

const Tagged = z.discriminatedUnion('$', [
  z.object({ $: z.literal('number'), is: z.enum(['NaN', 'Infinity', '-Infinity', '-0']) }),
  z.object({ $: z.literal('bigint'), is: z.string().regex(/^-?\d{1,10000}$/) }),
  z.object({ $: z.enum(['undefined', 'function', 'symbol']) }),
  // JSON turns the time of an invalid date into null.
  z.object({ $: z.literal('date'), is: z.number().nullable() }),
  z.object({ $: z.literal('set'), is: z.array(z.unknown()) }),
  z.object({ $: z.literal('object'), is: z.array(z.tuple([z.string(), z.unknown()])) }),
  z.object({ $: z.literal('bytes'), of: z.string(), is: z.string().regex(/^(?:[0-9a-f]{2})*$/) }),
  z.object({ $: z.literal('instance'), of: z.string() }),
])

const VIEWS = {
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
}

export function decode(encoded: unknown): unknown {
  if (typeof encoded !== 'object' || encoded === null) return encoded
  if (Array.isArray(encoded)) return encoded.map(decode)
  const tagged = Tagged.parse(encoded)
  switch (tagged.$) {
    case 'number':
      return Number(tagged.is)
    case 'bigint':
      return BigInt(tagged.is)
    case 'undefined':
      return undefined
    // These have no equal on the other side; whoever takes them says so, and where they stood.
    case 'function':
      return () => undefined
    case 'symbol':
      return Symbol('of a cell')
    case 'instance':
      return instanceOf(tagged.of)
    case 'date':
      return new Date(tagged.is ?? Number.NaN)
    case 'set':
      return new Set(tagged.is.map(decode))
    case 'object':
      return Object.fromEntries(tagged.is.map(([key, value]) => [key, decode(value)]))
    case 'bytes':
      return bytesOf(tagged.of, tagged.is)
  }
}

function instanceOf(name: string): object {
  const prototype = { constructor: { name } }
  return Object.create(Object.create(prototype))
}

function bytesOf(name: string, hexadecimal: string): ArrayBufferView {
  const bytes = Uint8Array.from(Buffer.from(hexadecimal, 'hex'))
  const View = Object.hasOwn(VIEWS, name) ? VIEWS[name as keyof typeof VIEWS] : undefined
  return View ? new View(bytes.buffer) : bytes
}
