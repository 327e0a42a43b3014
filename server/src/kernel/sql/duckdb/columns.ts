import type { ParameterValue, SqlType } from '../../../language/sql/parameterTypes.ts'
import { ColumnType } from './columnTypes.ts'
import type { WireChunk, WireColumn } from './inside/protocol.ts'

/** Rows that travel together: so many fit into ten of the engine's own pieces. */
const PIECE_ROWS = 20_480

export interface Piece {
  chunk: WireChunk
  bytes: Uint8Array
}

/** Turns lists of values into the bytes that the engine keeps. */
export class TableEncoder {
  readonly #columns: ColumnType[]
  readonly #table: string
  #rows = 0

  constructor(table: string, columns: readonly string[]) {
    this.#table = table
    this.#columns = columns.map((name) => new ColumnType(name, table))
  }

  /** Throws `Unfit`, whose path leads to the value, as `sales[3].price`. */
  *pieces(lists: readonly (readonly unknown[])[]): Generator<Piece> {
    const rows = lists[0]?.length ?? 0
    if (lists.length !== this.#columns.length || lists.some(({ length }) => length !== rows))
      throw new TypeError(`${this.#table}: every column has a list, and all are of one length`)
    for (let from = 0; from < rows; from += PIECE_ROWS) {
      const count = Math.min(PIECE_ROWS, rows - from)
      yield this.#piece(
        lists.map((values) => (count === rows ? values : values.slice(from, from + count))),
        count,
      )
    }
  }

  /** For a table without rows, which has columns all the same. */
  empty(): Piece {
    return this.#piece(
      this.#columns.map(() => []),
      0,
    )
  }

  #piece(lists: readonly (readonly unknown[])[], rows: number): Piece {
    const parts: Uint8Array[] = []
    const columns = this.#columns.map((column, n) => {
      const values = lists[n] ?? []
      column.take(values, this.#rows)
      const plain = column.rich.size === 0 ? values : values.map((value, row) => richValue(column, value, row))
      return { name: column.name, ...pack(column.type, plain, parts) }
    })
    this.#rows += rows
    return { chunk: { rows, columns }, bytes: Buffer.concat(parts) }
  }
}

function richValue(column: ColumnType, value: unknown, row: number): unknown {
  const parameter = column.rich.get(row)
  if (!parameter) return value
  if (column.type !== 'json' || parameter.type === 'json') return fromParameter(parameter.type, parameter.value)
  // A list of nothing among objects.
  return JSON.stringify(parameter.value)
}

/** Back to what `pack` takes: inside of lists, values are texts. */
function fromParameter(type: SqlType, value: ParameterValue): unknown {
  if (value === null) return null
  if (typeof type === 'object') return Array.isArray(value) ? value.map((each) => fromParameter(type.list, each)) : null
  const text = String(value)
  switch (type) {
    case 'boolean':
      return text === 'true'
    case 'integer':
    case 'double':
      return Number(text)
    case 'bigint':
    case 'numeric':
      return BigInt(text)
    case 'timestamptz':
      return new Date(Number(text))
    case 'blob':
      return Buffer.from(text, 'hex')
    default:
      return text
  }
}

type Packed = Omit<WireColumn, 'name'>

/** Appends a column's bytes to `parts`. */
function pack(type: SqlType, values: readonly unknown[], parts: Uint8Array[]): Packed {
  const validity = validityOf(values)
  if (validity.length > 0) parts.push(validity)
  const packed = { type, validity: validity.length, offsets: 0, data: 0 }
  if (type === 'text' || type === 'json' || type === 'blob') {
    const { offsets, data } = type === 'blob' ? packBlobs(values) : packTexts(values)
    parts.push(bytesOf(offsets), data)
    return { ...packed, offsets: offsets.byteLength, data: data.byteLength }
  }
  if (typeof type === 'object') return packLists(packed, type.list, values, parts)
  const data = packFixed(type, values)
  parts.push(data)
  return { ...packed, data: data.byteLength }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** A bit for each value that is there; nothing when all are. */
function validityOf(values: readonly unknown[]): Uint8Array {
  let bits: Uint8Array | undefined
  for (let n = 0; n < values.length; n += 1) {
    if (values[n] !== null && values[n] !== undefined) continue
    bits ??= new Uint8Array(Math.ceil(values.length / 8)).fill(255)
    bits[n >> 3] = (bits[n >> 3] as number) & ~(1 << (n & 7))
  }
  return bits ?? new Uint8Array()
}

/** What is missing joins as nothing. */
function packTexts(values: readonly unknown[]): { offsets: Uint32Array; data: Uint8Array } {
  const joined = values.join('')
  const data = Buffer.from(joined)
  // Of ASCII, characters are bytes.
  const isAscii = data.length === joined.length
  const offsets = new Uint32Array(values.length + 1)
  let end = 0
  for (let n = 0; n < values.length; n += 1) {
    const text = values[n]
    if (typeof text === 'string') end += isAscii ? text.length : Buffer.byteLength(text)
    offsets[n + 1] = end
  }
  return { offsets, data }
}

function packBlobs(values: readonly unknown[]): { offsets: Uint32Array; data: Uint8Array } {
  const blobs = values.map((value) => (value instanceof Uint8Array ? value : new Uint8Array()))
  const offsets = new Uint32Array(blobs.length + 1)
  for (const [n, { length }] of blobs.entries()) offsets[n + 1] = (offsets[n] as number) + length
  return { offsets, data: Buffer.concat(blobs) }
}

function packLists(packed: Packed, element: SqlType, values: readonly unknown[], parts: Uint8Array[]): Packed {
  const offsets = new Uint32Array(values.length + 1)
  const elements: unknown[] = []
  for (const [n, list] of values.entries()) {
    if (Array.isArray(list)) for (const each of list) elements.push(each)
    offsets[n + 1] = elements.length
  }
  parts.push(bytesOf(offsets))
  const column = { name: '', ...pack(element, elements, parts) }
  return { ...packed, offsets: offsets.byteLength, elements: { rows: elements.length, column } }
}

function packFixed(type: Exclude<SqlType, object>, values: readonly unknown[]): Uint8Array {
  switch (type) {
    case 'boolean':
      return fill(new Uint8Array(values.length), values)
    case 'integer':
      return bytesOf(fill(new Int32Array(values.length), values))
    case 'double':
      return bytesOf(fill(new Float64Array(values.length), values))
    case 'bigint':
      return packWhole(values, (value) => value)
    case 'timestamptz':
      return packWhole(values, (value) => (value instanceof Date ? micros(value.getTime()) : 0))
    case 'numeric':
      return packWide(values)
    default:
      return new Uint8Array()
  }
}

function fill<T extends Uint8Array | Int32Array | Float64Array>(numbers: T, values: readonly unknown[]): T {
  for (let n = 0; n < values.length; n += 1) {
    const value = values[n]
    if (typeof value === 'number') numbers[n] = value
    else if (value !== null && value !== undefined) numbers[n] = Number(value)
  }
  return numbers
}

/** Beyond 2^53 microseconds numbers are no longer exact. */
function micros(ms: number): number | bigint {
  const all = ms * 1_000
  return Number.isSafeInteger(all) ? all : BigInt(ms) * 1_000n
}

/** Numbers in two halves: making a bigint of each would cost most of the time. */
function packWhole(values: readonly unknown[], wholeOf: (value: unknown) => unknown): Uint8Array {
  const halves = new Int32Array(values.length * 2)
  const wholes = new BigInt64Array(halves.buffer)
  for (let n = 0; n < values.length; n += 1) {
    const value = wholeOf(values[n])
    if (typeof value === 'bigint') wholes[n] = value
    else if (typeof value === 'number') {
      halves[n * 2] = value
      halves[n * 2 + 1] = Math.floor(value / 2 ** 32)
    }
  }
  return bytesOf(halves)
}

function packWide(values: readonly unknown[]): Uint8Array {
  const halves = new BigInt64Array(values.length * 2)
  for (const [n, value] of values.entries()) {
    const whole = typeof value === 'bigint' ? value : BigInt(Number(value ?? 0))
    halves[n * 2] = BigInt.asIntN(64, whole)
    halves[n * 2 + 1] = whole >> 64n
  }
  return bytesOf(halves)
}
