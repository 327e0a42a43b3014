import { DuckDBTypeId } from '@duckdb/node-api'
import * as arrow from '@uwdata/flechette'

const Id = DuckDBTypeId
const { SECOND, MILLISECOND, MICROSECOND, NANOSECOND } = arrow.TimeUnit
/** Values of a fixed width, which lie in the engine as they do in Arrow: the type there, and bytes of each. */
export const FIXED: ReadonlyMap<DuckDBTypeId, [arrow.DataType, number]> = new Map<DuckDBTypeId, [arrow.DataType, number]>([
  [Id.TINYINT, [arrow.int8(), 1]],
  [Id.SMALLINT, [arrow.int16(), 2]],
  [Id.INTEGER, [arrow.int32(), 4]],
  [Id.BIGINT, [arrow.int64(), 8]],
  [Id.UTINYINT, [arrow.uint8(), 1]],
  [Id.USMALLINT, [arrow.uint16(), 2]],
  [Id.UINTEGER, [arrow.uint32(), 4]],
  [Id.UBIGINT, [arrow.uint64(), 8]],
  [Id.HUGEINT, [arrow.decimal(38, 0, 128), 16]],
  [Id.FLOAT, [arrow.float32(), 4]],
  [Id.DOUBLE, [arrow.float64(), 8]],
  [Id.DATE, [arrow.dateDay(), 4]],
  [Id.TIMESTAMP, [arrow.timestamp(MICROSECOND), 8]],
  [Id.TIMESTAMP_S, [arrow.timestamp(SECOND), 8]],
  [Id.TIMESTAMP_MS, [arrow.timestamp(MILLISECOND), 8]],
  [Id.TIMESTAMP_NS, [arrow.timestamp(NANOSECOND), 8]],
  [Id.TIMESTAMP_TZ, [arrow.timestamp(MICROSECOND, 'UTC'), 8]],
])
