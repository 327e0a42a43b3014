/** Rows of a result, as objects that code can use without knowing where they came from. */

interface ArrowType {
  typeId: number
  scale?: number
  children?: readonly { name: string; type: ArrowType }[]
}

export interface Arrow {
  tableFromIPC(
    bytes: Uint8Array,
    options: object,
  ): { schema: { fields: readonly { name: string; type: ArrowType }[] }; toArray(): Record<string, unknown>[] }
}

/** Of the Arrow format. */
const DECIMAL = 7
const LISTS = [12, 16]
const STRUCT = 13
const MAP = 17

/** Integers of 64 bits and more are bigints, dates Dates, maps Maps, decimals with a fraction texts: nothing is rounded. */
const AS_THEY_ARE = { useBigInt: true, useDate: true, useDecimalInt: true, useMap: true }

export function rowsOf(arrow: Arrow, bytes: Uint8Array): unknown[] {
  const table = arrow.tableFromIPC(bytes, AS_THEY_ARE)
  const rows = table.toArray()
  for (const { name, type } of table.schema.fields) {
    const exact = exactly(type)
    if (exact) for (const row of rows) row[name] = exact(row[name])
  }
  return rows
}

type Exactly = (value: unknown) => unknown

/** What is to be done with values of a type so that decimals become texts; undefined when there are none in it. */
function exactly({ typeId, scale = 0, children = [] }: ArrowType): Exactly | undefined {
  if (typeId === DECIMAL) return scale > 0 ? unlessNull((value) => decimalText(value as bigint, scale)) : undefined
  const parts = children.map(({ name, type }) => ({ name, exact: exactly(type) })).filter(({ exact }) => exact !== undefined)
  if (parts.length === 0) return undefined
  if (typeId === STRUCT) return unlessNull((value) => withParts(value as Record<string, unknown>, parts))
  const [{ exact } = { exact: undefined }] = parts
  if (LISTS.includes(typeId) && exact) return unlessNull((list) => Array.from(list as Iterable<unknown>, exact))
  // A map has one child, entries, which are pairs.
  if (typeId === MAP) return unlessNull((map) => mapWith(map as Map<unknown, unknown>, children[0]?.type))
  return undefined
}

function unlessNull(exact: Exactly): Exactly {
  return (value) => (value === null || value === undefined ? value : exact(value))
}

function withParts(value: Record<string, unknown>, parts: readonly { name: string; exact: Exactly | undefined }[]) {
  for (const { name, exact } of parts) if (exact) value[name] = exact(value[name])
  return value
}

function mapWith(map: Map<unknown, unknown>, pair: ArrowType | undefined): Map<unknown, unknown> {
  const [key, value] = (pair?.children ?? []).map(({ type }) => exactly(type))
  return new Map(Array.from(map, ([k, v]) => [key ? key(k) : k, value ? value(v) : v]))
}

/** `-1205n` with two places is `-12.05`. */
function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
