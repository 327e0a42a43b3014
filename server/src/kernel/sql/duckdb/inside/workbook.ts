import { open, readFile } from 'node:fs/promises'
import { type Unzipped, unzipSync, zipSync } from 'fflate'
import { readSheet } from 'read-excel-file/universal'
import { Failure } from './failures.ts'

type Value = string | number | boolean | Date | null
type Row = readonly Value[]

/** How a column of a workbook is read from the lines written of it. */
export interface WorkbookColumn {
  /** In the lines. */
  key: string
  name: string
  type: 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'DATE' | 'TIMESTAMP' | 'VARCHAR'
}

/** What a workbook may be unpacked: some millions of cells. It is held in memory, with what is made of it. */
const UNPACKED_BYTES = 128 * 2 ** 20
/** How files begin that are no archives. */
const OLD = Buffer.from([0xd0, 0xcf, 0x11, 0xe0])
const LINES_AT_ONCE = 2_000
const DAY_MS = 86_400_000

/** Writes the rows of the first sheet, a JSON object a line. Throws `Failure`. */
export async function writeLines(from: string, to: string): Promise<{ columns: WorkbookColumn[]; sheets: number }> {
  const parts = unpacked(await readFile(from))
  const sheets = Object.keys(parts).filter((name) => SHEET.test(name)).length
  const rows = await rowsOf(parts)
  const { names, body } = headed(rows)
  const columns = names.map((name, at): WorkbookColumn => ({ key: `c${at}`, name, type: typeOf(body, at) }))
  const file = await open(to, 'wx', 0o600)
  try {
    for (let at = 0; at < body.length; at += LINES_AT_ONCE) {
      const lines = body.slice(at, at + LINES_AT_ONCE).map((row) => lineOf(row, columns))
      await file.appendFile(lines.join(''))
    }
  } finally {
    await file.close()
  }
  return { columns, sheets }
}

/** Each is a part of its own; charts and the like are elsewhere. */
const SHEET = /^xl\/worksheets\/[^/]+\.xml$/

async function rowsOf(parts: Unzipped): Promise<Row[]> {
  // Unpacked once more, by the reader; what is only stored cannot grow there.
  const stored = zipSync(parts, { level: 0 })
  const archive = stored.buffer.slice(stored.byteOffset, stored.byteOffset + stored.byteLength) as ArrayBuffer
  try {
    const rows = (await withoutTime(() => readSheet(archive, { trim: false }))) as Value[][]
    // In their place: a second list of millions of cells would take as much as the first.
    for (const row of rows) for (let at = 0; at < row.length; at += 1) row[at] = plainOf(row[at] ?? null)
    return rows.filter((row) => row.some((value) => value !== null))
  } catch {
    // Its own errors, and those of code that expected something else there.
    throw unreadable()
  }
}

const { now } = Date

/**
 * The reader takes a sheet in pieces, each as large as it can be read within a frame of a page, and calls itself for the next: on a
 * busy machine they are so many that its stack ends, and so small that most of the time goes into cutting. Here nobody waits for a frame.
 */
async function withoutTime<T>(work: () => Promise<T>): Promise<T> {
  const at = now()
  Date.now = () => at
  try {
    return await work()
  } finally {
    Date.now = now
  }
}

/** What the archive itself says of its sizes holds: nothing is unpacked beyond it. */
function unpacked(packed: Buffer): Unzipped {
  // What Excel wrote before 2007, and what it writes with a password.
  if (packed.subarray(0, 4).equals(OLD))
    throw new Failure('database', 'it is an old workbook, or has a password. Save it as .xlsx without one.', { code: 'File' })
  let bytes = 0
  try {
    return unzipSync(packed, {
      filter: ({ name, originalSize }) => {
        if (!/\.(xml|rels)$/.test(name)) return false
        bytes += originalSize
        if (bytes > UNPACKED_BYTES) throw tooLarge()
        return true
      },
    })
  } catch (error) {
    throw error instanceof Failure ? error : unreadable()
  }
}

const unreadable = () => new Failure('database', 'it is no Excel workbook, or is damaged.', { code: 'File' })
const tooLarge = () =>
  new Failure('database', `it unpacks to more than ${UNPACKED_BYTES / 2 ** 20} MB. Save the sheet as CSV.`, { code: 'File' })

/** Blank texts are what an empty cell looks like; a date that is none is its own text. */
function plainOf(value: Value): Value {
  if (typeof value === 'string') return value.trim() === '' ? null : value
  if (value instanceof Date && Number.isNaN(value.getTime())) return null
  return value ?? null
}

/** The first row holds names when every one of its cells that is not blank is a text, and something stands below. */
function headed(rows: readonly Row[]): { names: string[]; body: readonly Row[] } {
  const [first] = rows
  if (!first) throw new Failure('database', 'its first sheet is empty.', { code: 'File' })
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
  const hasNames = rows.length > 1 && first.every((value) => value === null || typeof value === 'string')
  const given = Array.from({ length: width }, (_, at) => (hasNames ? String(first[at] ?? '').trim() : ''))
  return { names: distinct(given), body: hasNames ? rows.slice(1) : rows }
}

/** As the engine names columns without names, and tells those of one name apart; it knows no case. */
function distinct(given: readonly string[]): string[] {
  const taken = new Set<string>()
  return given.map((name, at) => {
    const plain = name || `column${at}`
    let free = plain
    for (let n = 1; taken.has(free.toLowerCase()); n += 1) free = `${plain}_${n}`
    taken.add(free.toLowerCase())
    return free
  })
}

/** A column with values of different kinds is one of texts. */
function typeOf(rows: readonly Row[], at: number): WorkbookColumn['type'] {
  let type: WorkbookColumn['type'] | undefined
  for (const row of rows) {
    const value = row[at] ?? null
    if (value === null) continue
    const own = kindOf(value)
    if (type === undefined || type === own) type = own
    else if (isOneOf(type, own, 'BIGINT', 'DOUBLE')) type = 'DOUBLE'
    else if (isOneOf(type, own, 'DATE', 'TIMESTAMP')) type = 'TIMESTAMP'
    else return 'VARCHAR'
  }
  return type ?? 'VARCHAR'
}

const isOneOf = (a: string, b: string, ...both: string[]) => both.includes(a) && both.includes(b)

function kindOf(value: string | number | boolean | Date): WorkbookColumn['type'] {
  if (typeof value === 'boolean') return 'BOOLEAN'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'BIGINT' : 'DOUBLE'
  if (typeof value === 'string') return 'VARCHAR'
  return value.getTime() % DAY_MS === 0 ? 'DATE' : 'TIMESTAMP'
}

function lineOf(row: Row, columns: readonly WorkbookColumn[]): string {
  const entries = columns.map(({ key, type }, at) => [key, jsonOf(row[at] ?? null, type)])
  return `${JSON.stringify(Object.fromEntries(entries))}\n`
}

/** Times of a workbook are of no zone. */
function jsonOf(value: Value, type: WorkbookColumn['type']): string | number | boolean | null {
  if (value instanceof Date) {
    const [day = '', time = ''] = value.toISOString().split('T')
    if (type === 'DATE' || (type === 'VARCHAR' && kindOf(value) === 'DATE')) return day
    return `${day} ${time.slice(0, -1)}`
  }
  return type === 'VARCHAR' && value !== null ? String(value) : value
}
