import bindings, { type Vector } from '@duckdb/node-bindings'
import type { SqlType } from '../../../../language/sql/parameterTypes.ts'
import type { WireColumn } from './protocol.ts'

/** Of an entry for a text: its length, and the text itself or its first bytes and where all of it lies. */
const TEXT_ENTRY = 16
const INLINE = 12

/** One column of a piece that was sent, which it copies into the engine's own vectors as it is. */
export class ColumnReader {
  readonly #type: SqlType
  readonly #validity: Uint8Array | undefined
  readonly #offsets: Uint32Array | undefined
  readonly #data: Uint8Array
  readonly #elements: ColumnReader | undefined
  /** Behind its last byte. */
  readonly end: number

  /** Throws RangeError when the bytes are not as the column says: memory is written after them. */
  constructor({ type, validity, offsets, data, elements }: WireColumn, rows: number, bytes: Uint8Array, start: number) {
    this.#type = type
    let at = start
    const take = (length: number) => {
      if (at + length > bytes.length) throw new RangeError('a column that ends too early')
      at += length
      return bytes.subarray(at - length, at)
    }
    const valid = take(validity)
    this.#validity = validity > 0 ? valid : undefined
    // A copy: numbers begin at multiples of their width.
    const places = new Uint8Array(take(offsets))
    this.#offsets = offsets > 0 ? new Uint32Array(places.buffer) : undefined
    this.#data = take(data)
    this.#elements = elements && new ColumnReader(elements.column, elements.rows, bytes, at)
    this.end = this.#elements?.end ?? at
    this.#check(rows, elements?.rows ?? data)
  }

  #check(rows: number, length: number): void {
    const [validity, offsets] = [this.#validity, this.#offsets]
    if (validity && validity.length * 8 < rows) throw new RangeError('too few marks for NULL')
    const width = widthOf(this.#type)
    if (width !== undefined) {
      if (this.#data.length !== rows * width) throw new RangeError('a column with too few values')
      return
    }
    if (!offsets || offsets.length !== rows + 1 || offsets[0] !== 0 || offsets[rows] !== length)
      throw new RangeError('places that do not fit')
    for (let n = 0; n < rows; n += 1)
      if ((offsets[n] as number) > (offsets[n + 1] as number)) throw new RangeError('places out of order')
  }

  writeTo(vector: Vector, from: number, count: number): void {
    const width = widthOf(this.#type)
    if (this.#type === 'null') this.#writeNulls(vector, count)
    else if (width !== undefined) copy(vector, this.#data.subarray(from * width, (from + count) * width))
    else if (this.#elements) this.#writeLists(vector, from, count, this.#elements)
    else this.#writeTexts(vector, from, count)
    if (this.#validity) setValidity(vector, bitsOf(this.#validity, from, count))
  }

  #writeNulls(vector: Vector, count: number): void {
    setValidity(vector, new Uint8Array(Math.ceil(count / 8)))
  }

  /** All the texts go into the vector as one; each entry points to its part of it. */
  #writeTexts(vector: Vector, from: number, count: number): void {
    const offsets = this.#offsets as Uint32Array
    const start = offsets[from] as number
    const bytes = this.#data.subarray(start, offsets[from + count])
    const entries = new Uint8Array(count * TEXT_ENTRY)
    const words = new Uint32Array(entries.buffer)
    const [low, high] = bytes.length > INLINE ? placeOf(vector, bytes) : [0, 0]
    for (let n = 0; n < count; n += 1) {
      const at = (offsets[from + n] as number) - start
      const length = (offsets[from + n + 1] as number) - start - at
      const word = n * 4
      words[word] = length
      if (length <= INLINE) {
        for (let k = 0; k < length; k += 1) entries[word * 4 + 4 + k] = bytes[at + k] as number
        continue
      }
      for (let k = 0; k < 4; k += 1) entries[word * 4 + 4 + k] = bytes[at + k] as number
      const place = low + at
      words[word + 2] = place >>> 0
      words[word + 3] = high + (place > 0xff_ff_ff_ff ? 1 : 0)
    }
    copy(vector, entries)
  }

  #writeLists(vector: Vector, from: number, count: number, elements: ColumnReader): void {
    const offsets = this.#offsets as Uint32Array
    const first = offsets[from] as number
    const size = (offsets[from + count] as number) - first
    const entries = new BigUint64Array(count * 2)
    for (let n = 0; n < count; n += 1) {
      entries[n * 2] = BigInt((offsets[from + n] as number) - first)
      entries[n * 2 + 1] = BigInt((offsets[from + n + 1] as number) - (offsets[from + n] as number))
    }
    bindings.list_vector_reserve(vector, size)
    bindings.list_vector_set_size(vector, size)
    if (size > 0) elements.writeTo(bindings.list_vector_get_child(vector), first, size)
    copy(vector, new Uint8Array(entries.buffer))
  }
}

/** Bytes of one value; undefined where values have no fixed width. */
function widthOf(type: SqlType): number | undefined {
  switch (type) {
    case 'null':
      return 0
    case 'boolean':
      return 1
    case 'integer':
      return 4
    case 'bigint':
    case 'double':
    case 'timestamptz':
      return 8
    case 'numeric':
      return 16
    default:
      return undefined
  }
}

function copy(vector: Vector, bytes: Uint8Array): void {
  bindings.copy_data_to_vector(vector, 0, bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
}

/** Where the engine has put these bytes: low and high half. */
function placeOf(vector: Vector, bytes: Uint8Array): [number, number] {
  bindings.vector_assign_string_element_len(vector, 0, bytes)
  const entry = bindings.vector_get_data(vector, TEXT_ENTRY)
  const view = new DataView(entry.buffer, entry.byteOffset, TEXT_ENTRY)
  return [view.getUint32(8, true), view.getUint32(12, true)]
}

function setValidity(vector: Vector, bits: Uint8Array): void {
  bindings.vector_ensure_validity_writable(vector)
  bindings.copy_data_to_vector_validity(vector, 0, bits.buffer as ArrayBuffer, bits.byteOffset, bits.byteLength)
}

/** Bits from anywhere, moved to the beginning of a byte. */
function bitsOf(bits: Uint8Array, from: number, count: number): Uint8Array {
  const length = Math.ceil(count / 8)
  const first = from >> 3
  const shift = from & 7
  if (shift === 0) return bits.subarray(first, first + length)
  const moved = new Uint8Array(length)
  for (let n = 0; n < length; n += 1)
    moved[n] = ((bits[first + n] as number) >> shift) | ((bits[first + n + 1] ?? 0) << (8 - shift))
  return moved
}
