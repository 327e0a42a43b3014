import { common, innermost, toParameter } from '../../../language/sql/parameters.ts'
import type { Parameter, SqlType } from '../../../language/sql/parameterTypes.ts'
import { Unfit } from '../../../language/sql/unfit.ts'

const INT32 = 2 ** 31
const INT64 = 2n ** 63n
const INT128 = 2n ** 127n

/** One column of rows that arrive in pieces: its type grows with them, and holds every value exactly (X5). */
export class ColumnType {
  readonly name: string
  readonly #table: string
  type: SqlType = 'null'
  /** Of lists and objects of the current piece, by their place in it. */
  readonly rich = new Map<number, Parameter>()
  /** Where the first bigint was that no fraction can stand beside. */
  #large: string | undefined

  constructor(name: string, table: string) {
    this.name = name
    this.#table = table
  }

  /** Throws `Unfit` for a value that has no place in the column. */
  take(values: readonly unknown[], firstRow: number): void {
    this.rich.clear()
    for (let n = 0; n < values.length; n += 1) {
      const value = values[n]
      if (value === null) continue
      const type = this.#typeOf(value, n, firstRow)
      if (type === this.type) continue
      const wider = widerOf(this.type, type)
      if (wider === undefined) {
        const why = `is ${spoken(type)}, and the rows before have ${spoken(this.type, true)}: a column has one type`
        throw new Unfit(this.#path(firstRow + n), why)
      }
      this.type = wider
      if (wider === 'double' && this.#large !== undefined)
        throw new Unfit(this.#large, 'is a bigint too large to stand in one column with fractions')
    }
  }

  #path(row: number): string {
    return `${this.#table}[${row}].${this.name}`
  }

  #typeOf(value: unknown, n: number, firstRow: number): SqlType {
    switch (typeof value) {
      case 'number':
        return numberType(value)
      case 'string':
        if (!value.isWellFormed()) throw new Unfit(this.#path(firstRow + n), 'has half of a character in it (a lone surrogate)')
        return 'text'
      case 'boolean':
        return 'boolean'
      case 'bigint':
        return this.#bigintType(value, firstRow + n)
      default:
        return this.#richType(value, n, firstRow)
    }
  }

  #bigintType(value: bigint, row: number): SqlType {
    if (value <= -INT128 || value >= INT128) throw new Unfit(this.#path(row), 'has more than 128 bits')
    if (BigInt(Number(value)) !== value) {
      this.#large ??= this.#path(row)
      if (this.type === 'double') throw new Unfit(this.#path(row), 'is a bigint too large to stand in one column with fractions')
    }
    return value >= -INT64 && value < INT64 ? 'bigint' : 'numeric'
  }

  #richType(value: unknown, n: number, firstRow: number): SqlType {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return 'timestamptz'
    const parameter = toParameter(value, 'duckdb', this.#path(firstRow + n))
    this.rich.set(n, parameter)
    return parameter.type
  }
}

function numberType(value: number): SqlType {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return 'double'
  return value >= -INT32 && value < INT32 ? 'integer' : 'bigint'
}

/** A list of nothing is JSON, too; other lists and JSON are different things. */
function widerOf(a: SqlType, b: SqlType): SqlType | undefined {
  if (a === 'json' && isEmptyList(b)) return a
  if (b === 'json' && isEmptyList(a)) return b
  return common(a, b)
}

function isEmptyList(type: SqlType): boolean {
  return typeof type === 'object' && innermost(type) === 'null'
}

const SPOKEN: Record<Exclude<SqlType, object>, [one: string, many: string]> = {
  null: ['null', 'nulls'],
  boolean: ['a boolean', 'booleans'],
  integer: ['a number', 'numbers'],
  bigint: ['a number', 'numbers'],
  numeric: ['a number', 'numbers'],
  double: ['a number', 'numbers'],
  text: ['a text', 'texts'],
  timestamptz: ['a Date', 'Dates'],
  blob: ['bytes', 'bytes'],
  json: ['an object', 'objects'],
}

function spoken(type: SqlType, many = false): string {
  if (typeof type !== 'object') return SPOKEN[type][many ? 1 : 0]
  const elements = innermost(type) === 'null' ? 'nothing' : spoken(innermost(type), true)
  return many ? `lists of ${elements}` : `a list of ${elements}`
}
