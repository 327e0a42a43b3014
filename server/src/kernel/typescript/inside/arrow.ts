/** Rows of a result, as objects that code can use without knowing where they came from. */

interface ArrowType {
  typeId: number
  scale?: number
  children?: readonly { name: string; type: ArrowType }[]
}

/** Values of one column in one batch; those of lists and the like are batches within it. */
interface Batch {
  type: ArrowType
  values?: Uint8Array
  offsets?: ArrayLike<number>
  children?: readonly Batch[]
  value(index: number): unknown
}

interface Table {
  schema: { fields: readonly { name: string; type: ArrowType }[] }
  children: readonly { data: readonly Batch[] }[]
  toArray(): Record<string, unknown>[]
}

export interface Arrow {
  tableFromIPC(bytes: Uint8Array, options: object): Table
}

/** Of the Arrow format. */
const UTF8 = 5
const DECIMAL = 7
const TIMES = [8, 10]
const LISTS = [12, 16]
const STRUCT = 13
const MAP = 17

/** Integers of 64 bits and more are bigints, dates Dates, maps Maps, decimals with a fraction texts: nothing is rounded. */
const AS_THEY_ARE = { useBigInt: true, useDate: true, useDecimalInt: true, useMap: true }

export function rowsOf(arrow: Arrow, bytes: Uint8Array): unknown[] {
  const table = arrow.tableFromIPC(bytes, AS_THEY_ARE)
  for (const { data } of table.children) for (const batch of data) readTextsAtOnce(batch)
  const rows = table.toArray()
  for (const { name, type } of table.schema.fields) {
    const exact = exactly(type)
    if (exact) for (let at = 0; at < rows.length; at += 1) setExactly(rows[at] as Record<string, unknown>, { name, exact, at })
  }
  return rows
}

/** The first character of a text is never taken for a mark of how it is encoded. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Decoding each of them by itself takes most of the time. */
function readTextsAtOnce(batch: Batch): void {
  for (const child of batch.children ?? []) readTextsAtOnce(child)
  const { type, values, offsets } = batch
  if (type.typeId === UTF8 && values && offsets) batch.value = textsOf(values, offsets)
}

function textsOf(bytes: Uint8Array, offsets: ArrayLike<number>): (index: number) => string {
  const all = decoder.decode(bytes)
  // Of ASCII, characters are bytes.
  if (all.length === bytes.length) return (index) => all.slice(offsets[index], offsets[index + 1])
  return (index) => decoder.decode(bytes.subarray(offsets[index], offsets[index + 1]))
}

type Exactly = (value: unknown) => unknown

class NoDate extends Error {}

function setExactly(row: Record<string, unknown>, { name, exact, at }: { name: string; exact: Exactly; at: number }): void {
  try {
    row[name] = exact(row[name])
  } catch (error) {
    if (!(error instanceof NoDate)) throw error
    throw new RangeError(
      `${name} of row ${at + 1} is a time that no Date can hold: make it a text in the query, as ${name}::text`,
    )
  }
}

/** What is to be done with values of a type so that decimals become texts, and no time is lost; undefined when there are none in it. */
function exactly({ typeId, scale = 0, children = [] }: ArrowType): Exactly | undefined {
  if (typeId === DECIMAL) return scale > 0 ? unlessNull((value) => decimalText(value as bigint, scale)) : undefined
  if (TIMES.includes(typeId)) return unlessNull(dateWithin)
  const parts = children.map(({ name, type }) => ({ name, exact: exactly(type) })).filter(({ exact }) => exact !== undefined)
  if (parts.length === 0) return undefined
  if (typeId === STRUCT) return unlessNull((value) => withParts(value as Record<string, unknown>, parts))
  const [{ exact } = { exact: undefined }] = parts
  if (LISTS.includes(typeId) && exact) return unlessNull((list) => Array.from(list as Iterable<unknown>, exact))
  // A map has one child, entries, which are pairs.
  if (typeId === MAP) return unlessNull((map) => mapWith(map as Map<unknown, unknown>, children[0]?.type))
  return undefined
}

/** Infinity, and what is too far away. */
function dateWithin(value: unknown): unknown {
  if (Number.isNaN((value as Date).getTime())) throw new NoDate()
  return value
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
