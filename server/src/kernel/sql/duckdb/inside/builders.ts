import {
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api'
import bindings, { type Vector } from '@duckdb/node-bindings'
import * as arrow from '@uwdata/flechette'
import { FIXED } from './arrowTypes.ts'
import { Bits, Bytes } from './buffers.ts'
import { Texts } from './texts.ts'

/** Collects a column of several chunks in the layout of Arrow. */
export interface Builder {
  readonly type: arrow.DataType
  readonly bytes: number
  /** What `append` takes rows from; `hidden` are rows of it that belong to no value. */
  open(vector: Vector, size: number, hidden?: Uint8Array): void
  append(from: number, count: number): void
  /** All that was collected, and begins anew. */
  flush(length: number): arrow.Batch<unknown>
}

/** Throws for types that a query should have cast. */
export function builderOf(type: DuckDBType): Builder {
  if (type instanceof DuckDBListType) return new ListBuilder(builderOf(type.valueType))
  if (type instanceof DuckDBMapType) return new ListBuilder(structOf(['key', 'value'], [type.keyType, type.valueType]), true)
  if (type instanceof DuckDBStructType) return structOf(type.entryNames, type.entryTypes)
  if (type instanceof DuckDBDecimalType) return new FixedBuilder(arrow.decimal(type.width, type.scale, 128), 16)
  if (type.typeId === DuckDBTypeId.BOOLEAN) return new BooleanBuilder()
  if (type.typeId === DuckDBTypeId.VARCHAR) return new TextBuilder(arrow.utf8())
  if (type.typeId === DuckDBTypeId.BLOB) return new TextBuilder(arrow.binary())
  const fixed = FIXED.get(type.typeId)
  if (!fixed) throw new TypeError(`There is no Arrow for ${type}`)
  return new FixedBuilder(...fixed)
}

function structOf(names: readonly string[], types: readonly DuckDBType[]): StructBuilder {
  return new StructBuilder(
    names,
    types.map((type) => builderOf(type)),
  )
}

function batch(type: arrow.DataType, parts: { length: number; validity: Bits } & Record<string, unknown>): arrow.Batch<unknown> {
  const { validity, ...rest } = parts
  const nullCount = validity.missing
  const Type = arrow.batchType(type)
  return new Type({ nullCount, type, validity: validity.flush(), ...rest })
}

/** Marks of what is no NULL; absent when there is none. */
function validityOf(vector: Vector, size: number, hidden: Uint8Array | undefined): Uint8Array | undefined {
  // Null, where the engine's types do not say so.
  const own: Uint8Array | null = bindings.vector_get_validity(vector, Math.ceil(size / 64) * 8)
  if (!own || !hidden) return own ?? hidden
  return own.map((byte, n) => byte & (hidden[n] ?? 0))
}

class FixedBuilder implements Builder {
  readonly type: arrow.DataType
  readonly #width: number
  readonly #validity = new Bits()
  readonly #values = new Bytes()
  #open: { data: Uint8Array; valid: Uint8Array | undefined } = { data: new Uint8Array(), valid: undefined }

  constructor(type: arrow.DataType, width: number) {
    this.type = type
    this.#width = width
  }

  get bytes(): number {
    return this.#values.length
  }

  open(vector: Vector, size: number, hidden?: Uint8Array): void {
    this.#open = { data: bindings.vector_get_data(vector, size * this.#width), valid: validityOf(vector, size, hidden) }
  }

  append(from: number, count: number): void {
    const { data, valid } = this.#open
    this.#validity.add(valid, from, count)
    this.#values.add(data.subarray(from * this.#width, (from + count) * this.#width))
  }

  flush(length: number): arrow.Batch<unknown> {
    const bytes = this.#values.flush()
    const Values = (this.type as { values?: NumberArray }).values ?? Uint8Array
    const values = new Values(bytes.buffer, bytes.byteOffset, bytes.byteLength / Values.BYTES_PER_ELEMENT)
    return batch(this.type, { length, validity: this.#validity, values })
  }
}

interface NumberArray {
  new (buffer: ArrayBufferLike, offset: number, length: number): unknown
  BYTES_PER_ELEMENT: number
}

/** A byte each in the engine, a bit each in Arrow. */
class BooleanBuilder implements Builder {
  readonly type = arrow.bool()
  readonly #validity = new Bits()
  readonly #values = new Bits()
  #open: { data: Uint8Array; valid: Uint8Array | undefined } = { data: new Uint8Array(), valid: undefined }

  get bytes(): number {
    return this.#values.length >> 3
  }

  open(vector: Vector, size: number, hidden?: Uint8Array): void {
    this.#open = { data: bindings.vector_get_data(vector, size), valid: validityOf(vector, size, hidden) }
  }

  append(from: number, count: number): void {
    const { data, valid } = this.#open
    const bits = new Uint8Array(Math.ceil(count / 8))
    for (let n = 0; n < count; n += 1) if (data[from + n]) bits[n >> 3] = (bits[n >> 3] as number) | (1 << (n & 7))
    this.#validity.add(valid, from, count)
    this.#values.add(bits, 0, count)
  }

  flush(length: number): arrow.Batch<unknown> {
    return batch(this.type, { length, validity: this.#validity, values: this.#values.flush(true) })
  }
}

class TextBuilder implements Builder {
  readonly type: arrow.DataType
  readonly #validity = new Bits()
  readonly #texts = new Texts()
  #open: { data: Uint8Array; valid: Uint8Array | undefined } = { data: new Uint8Array(), valid: undefined }

  constructor(type: arrow.DataType) {
    this.type = type
  }

  get bytes(): number {
    return this.#texts.bytes
  }

  open(vector: Vector, size: number, hidden?: Uint8Array): void {
    this.#open = { data: bindings.vector_get_data(vector, size * Texts.ENTRY), valid: validityOf(vector, size, hidden) }
  }

  append(from: number, count: number): void {
    const { data, valid } = this.#open
    this.#validity.add(valid, from, count)
    this.#texts.add(data, valid, from, count)
  }

  flush(length: number): arrow.Batch<unknown> {
    return batch(this.type, { length, validity: this.#validity, ...this.#texts.flush() })
  }
}

class StructBuilder implements Builder {
  readonly type: arrow.DataType
  readonly #fields: Builder[]
  readonly #validity = new Bits()
  #valid: Uint8Array | undefined

  constructor(names: readonly string[], fields: Builder[]) {
    this.type = arrow.struct(fields.map(({ type }, n) => arrow.field(names[n] ?? '', type)))
    this.#fields = fields
  }

  get bytes(): number {
    return this.#fields.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  open(vector: Vector, size: number, hidden?: Uint8Array): void {
    this.#valid = validityOf(vector, size, hidden)
    for (const [n, field] of this.#fields.entries()) field.open(bindings.struct_vector_get_child(vector, n), size, this.#valid)
  }

  append(from: number, count: number): void {
    this.#validity.add(this.#valid, from, count)
    for (const field of this.#fields) field.append(from, count)
  }

  flush(length: number): arrow.Batch<unknown> {
    return batch(this.type, { length, validity: this.#validity, children: this.#fields.map((field) => field.flush(length)) })
  }
}

/** Maps are lists of keys and values. */
class ListBuilder implements Builder {
  readonly type: arrow.DataType
  readonly #elements: Builder
  readonly #validity = new Bits()
  #offsets: number[] = [0]
  #open: { entries: Uint32Array; valid: Uint8Array | undefined } = { entries: new Uint32Array(), valid: undefined }

  constructor(elements: Builder, isMap = false) {
    const { type } = elements
    this.type = isMap
      ? arrow.map(...(type as { children: [arrow.Field, arrow.Field] }).children)
      : arrow.list(arrow.field('item', type))
    this.#elements = elements
  }

  get bytes(): number {
    return this.#offsets.length * 4 + this.#elements.bytes
  }

  open(vector: Vector, size: number, hidden?: Uint8Array): void {
    const data = bindings.vector_get_data(vector, size * 16)
    this.#open = { entries: new Uint32Array(new Uint8Array(data).buffer), valid: validityOf(vector, size, hidden) }
    this.#elements.open(bindings.list_vector_get_child(vector), bindings.list_vector_get_size(vector))
  }

  /** Lists need not lie in the order of their rows. */
  append(from: number, count: number): void {
    const { entries, valid } = this.#open
    this.#validity.add(valid, from, count)
    let [start, end] = [0, 0]
    const add = () => {
      if (end > start) this.#elements.append(start, end - start)
    }
    for (let n = from; n < from + count; n += 1) {
      const isNull = valid !== undefined && ((valid[n >> 3] as number) & (1 << (n & 7))) === 0
      const length = isNull ? 0 : (entries[n * 4 + 2] as number)
      this.#offsets.push((this.#offsets.at(-1) as number) + length)
      const at = entries[n * 4] as number
      if (length === 0) continue
      if (at === end) end += length
      else {
        add()
        start = at
        end = at + length
      }
    }
    add()
  }

  flush(length: number): arrow.Batch<unknown> {
    const offsets = Int32Array.from(this.#offsets)
    const elements = this.#offsets.at(-1) as number
    this.#offsets = [0]
    return batch(this.type, { length, validity: this.#validity, offsets, children: [this.#elements.flush(elements)] })
  }
}
