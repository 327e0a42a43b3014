import { Failure, failureOf } from './failures.ts'
import type { WireFile } from './protocol.ts'

const KINDS: Record<WireFile['format'], string> = {
  csv: 'CSV',
  tsv: 'TSV',
  parquet: 'Parquet',
  json: 'JSON',
  ndjson: 'NDJSON',
  xlsx: 'Excel workbook',
}

/** The engine's words for a file that it cannot read, without its advice about settings and without the file's place. */
export function fileFailure(error: unknown, format: WireFile['format']): Failure {
  // Said already.
  if (error instanceof Failure) return error
  const failure = failureOf(error)
  if (failure.kind !== 'database' || failure.code === 'Out of Memory') return failure
  const { message } = failure
  return new Failure('database', isText(format) ? ofText(message, format) : ofOther(message, format), { code: 'File' })
}

const isText = (format: WireFile['format']) => format === 'csv' || format === 'tsv'

function ofText(message: string, format: WireFile['format']): string {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1]
  const [, expected, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? []
  if (line && expected) return `line ${line} has ${counted(Number(found))}, and the first line has ${counted(Number(expected))}.`
  if (line && /unterminated quote/i.test(message)) return `line ${line} has a quotation mark that is not closed.`
  if (line && /unicode|utf-8/i.test(message)) return `line ${line} is not UTF-8 text.`
  if (line && /maximum_line_size|Maximum line size/i.test(message)) return `line ${line} is too long.`
  return line ? `line ${line} does not fit: it is no ${KINDS[format]}.` : `it is no ${KINDS[format]} that can be made sense of.`
}

const counted = (fields: number) => (fields === 1 ? '1 field' : `${fields} fields`)

function ofOther(message: string, format: WireFile['format']): string {
  if (format === 'parquet') return 'it is no Parquet file, or is damaged.'
  const where = /in file "[^"]*", (at byte \d+ in (?:line|record\/value) \d+: [^\n]*)/.exec(message)?.[1]
  return where ? `it is no ${KINDS[format]}, ${where.replace('record/value', 'value').trim()}` : `it is no ${KINDS[format]}.`
}
