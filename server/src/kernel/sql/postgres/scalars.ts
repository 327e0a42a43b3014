import { decimalFrom, MAX_DIGITS, widthFor } from './decimals.ts'

/** How values of one of PostgreSQL's types become values of the embedded engine. */
export interface Scalar {
  /** From PostgreSQL's text to one that the engine reads; may remember what decides the type. */
  read(text: string): string
  /** The engine's expression for a column of such texts; asked for after the last of them was read. */
  expression(text: string): string
  /** Whether the values have to be seen before the type is known. */
  depends: boolean
}

/** A new one for every column: some remember. */
export function scalarOf(oid: number, modifier: number): Scalar {
  if (oid === NUMERIC) return new Numeric(modifier)
  return SCALARS.get(oid) ?? TEXT
}

/** Of the type with this number, when it is an array. */
export function elementOf(oid: number): number | undefined {
  return ELEMENTS.get(oid)
}

const NUMERIC = 1700
const asIs = (text: string) => text
const cast = (type: string, read = asIs): Scalar => ({ read, expression: (text) => `cast(${text} as ${type})`, depends: false })
/** Also of every type that is not known here: what PostgreSQL itself would show. */
const TEXT: Scalar = { read: asIs, expression: asIs, depends: false }
const BYTES: Scalar = { read: (text) => text.slice(2), expression: (text) => `unhex(${text})`, depends: false }
/** Years before the first. */
const era = (text: string) => (text.endsWith(' BC') ? `${text.slice(0, -3)} (BC)` : text)
const interval = (text: string) => text.replaceAll('+', '')

const SCALARS = new Map<number, Scalar>([
  [16, cast('boolean')],
  [17, BYTES],
  [20, cast('bigint')],
  [21, cast('smallint')],
  [23, cast('integer')],
  [26, cast('uinteger')],
  [114, cast('json')],
  [700, cast('real')],
  [701, cast('double')],
  [1082, cast('date', era)],
  [1083, cast('time')],
  [1114, cast('timestamp', era)],
  [1184, cast('timestamptz', era)],
  [1186, cast('interval', interval)],
  [2950, cast('uuid')],
  [3802, cast('json')],
])

/** Type numbers of arrays, by those of their elements: what PostgreSQL itself brings never changes them. */
const ELEMENTS = new Map<number, number>([
  [1000, 16],
  [1001, 17],
  [1016, 20],
  [1005, 21],
  [1007, 23],
  [1028, 26],
  [199, 114],
  [1021, 700],
  [1022, 701],
  [1182, 1082],
  [1183, 1083],
  [1115, 1114],
  [1185, 1184],
  [1187, 1186],
  [2951, 2950],
  [3807, 3802],
  [1231, NUMERIC],
  [1002, 18],
  [1003, 19],
  [1009, 25],
  [1014, 1042],
  [1015, 1043],
  [1041, 869],
])

/**
 * `numeric(p, s)` is DECIMAL(p, s). Without p and s it is the DECIMAL that holds every value that came, or, where none does,
 * the exact text; NaN and infinity, which DECIMAL does not have, make it DOUBLE.
 */
class Numeric implements Scalar {
  readonly depends = true
  readonly #declared: { precision: number; scale: number } | undefined
  #special = false
  #whole = 0
  #scale = 0

  constructor(modifier: number) {
    const precision = ((modifier - 4) >> 16) & 0xffff
    // Eleven bits with a sign.
    const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024
    if (modifier >= 4 && precision <= MAX_DIGITS && scale >= 0 && scale <= precision) this.#declared = { precision, scale }
  }

  read(text: string): string {
    if (/[a-z]/i.test(text)) this.#special = true
    else if (!this.#declared) {
      const [whole = '', fraction = ''] = text.replace('-', '').split('.')
      this.#whole = Math.max(this.#whole, whole === '0' ? 0 : whole.length)
      this.#scale = Math.max(this.#scale, fraction.length)
    }
    return text
  }

  expression(text: string): string {
    if (this.#special) return `cast(${text} as double)`
    if (this.#declared) return decimalFrom(text, { width: this.#declared.precision, scale: this.#declared.scale })
    const needed = this.#whole + this.#scale
    return needed <= MAX_DIGITS ? decimalFrom(text, { width: widthFor(needed), scale: this.#scale }) : text
  }
}
