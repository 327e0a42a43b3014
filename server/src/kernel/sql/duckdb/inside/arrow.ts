import { type DuckDBDataChunk, DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import bindings from '@duckdb/node-bindings'
import { Column, field, Table, tableToIPC } from '@uwdata/flechette'
import { type Builder, builderOf } from './builders.ts'
import type { KeptColumn } from './cells.ts'
import { typeWith } from './nested.ts'

/** A column as it is asked for, so that only types come which the builders know. */
export function arrowExpression({ column, engineType }: KeptColumn): string {
  const carried = carriedType(engineType)
  return carried === engineType.toString() ? column : `cast(${column} as ${carried})`
}

const Id = DuckDBTypeId
const AS_THEY_ARE = new Set<DuckDBTypeId>([
  ...[Id.BOOLEAN, Id.TINYINT, Id.SMALLINT, Id.INTEGER, Id.BIGINT, Id.UTINYINT, Id.USMALLINT, Id.UINTEGER, Id.UBIGINT, Id.HUGEINT],
  ...[Id.FLOAT, Id.DOUBLE, Id.VARCHAR, Id.BLOB, Id.DATE, Id.TIMESTAMP, Id.TIMESTAMP_S, Id.TIMESTAMP_MS, Id.TIMESTAMP_NS],
  Id.TIMESTAMP_TZ,
])

/** Decimals as wide as Arrow's own; what no other language has travels as its text. */
function carriedType(type: DuckDBType): string {
  return typeWith(type, (leaf) => {
    if (leaf instanceof DuckDBDecimalType) return `DECIMAL(38,${leaf.scale})`
    return AS_THEY_ARE.has(leaf.typeId) ? leaf.toString() : 'VARCHAR'
  })
}

/** Behind the messages of a stream. */
const END = new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0])

/** Makes one stream of Arrow out of chunks of the engine. */
export class BatchWriter {
  readonly #keys: string[]
  readonly #builders: Builder[]
  #schema: Uint8Array | undefined
  rows = 0

  constructor(fields: readonly { key: string; type: DuckDBType }[]) {
    this.#keys = fields.map(({ key }) => key)
    this.#builders = fields.map(({ type }) => builderOf(type))
  }

  get bytes(): number {
    return this.#builders.reduce((sum, builder) => sum + builder.bytes, 0)
  }

  add({ chunk, rowCount }: DuckDBDataChunk): void {
    for (const [n, builder] of this.#builders.entries()) {
      builder.open(bindings.data_chunk_get_vector(chunk, n), rowCount)
      builder.append(0, rowCount)
    }
    this.rows += rowCount
  }

  /** What was added since the last time; the first one begins with the schema. */
  flush(): Uint8Array {
    const stream = this.#stream()
    const start = this.#schema ? this.#schema.length : 0
    this.#schema ??= stream.subarray(0, messageLength(stream))
    return stream.subarray(start, stream.length - END.length)
  }

  end(): Uint8Array {
    if (this.rows === 0 && this.#schema) return END
    const last = this.flush()
    const bytes = new Uint8Array(last.length + END.length)
    bytes.set(last)
    bytes.set(END, last.length)
    return bytes
  }

  /** A whole stream of one batch: its schema is the same every time. */
  #stream(): Uint8Array {
    const columns = this.#builders.map((builder) => new Column([builder.flush(this.rows)]))
    const fields = columns.map(({ type }, n) => field(this.#keys[n] ?? '', type))
    this.rows = 0
    const table = new Table({ version: VERSION, endianness: LITTLE, fields, metadata: null }, columns)
    const stream = tableToIPC(table, { format: 'stream' })
    if (!stream) throw new Error('unreachable: without a sink there are bytes')
    return stream
  }
}

/** Arrow's fifth version of metadata, and the order of bytes in numbers. */
const VERSION = 4
const LITTLE = 0

/** A mark, the length of what follows, and that. */
function messageLength(stream: Uint8Array): number {
  return 8 + new DataView(stream.buffer, stream.byteOffset).getInt32(4, true)
}
