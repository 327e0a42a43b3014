import type { Position } from '../position.ts'
import { quoteIdentifier } from './identifiers.ts'
import { isTypedArray, toParameter } from './parameters.ts'
import type { Parameter } from './parameterTypes.ts'
import type { SqlCell } from './sql.ts'
import type { Piece, Slot, StatementTemplate } from './template.ts'
import { castOf } from './types.ts'
import { Unfit } from './unfit.ts'

/** A statement as an engine takes it, or what is wrong with a value. */
export type Bound =
  | {
      ok: true
      text: string
      /** `$1` is the first. */
      parameters: Parameter[]
      /**
       * From a place in `text` as the engine counts to the user's own line and column: DuckDB counts bytes from 0,
       * PostgreSQL characters from 1.
       */
      positionOf(offset: number): Position
    }
  | { ok: false; error: Position & { message: string } }

/** What both engines can take in one statement. */
const MAX_PARAMETERS = 65_535

/**
 * Puts values in. They become parameters, whatever they are: the only thing that becomes text is a quoted name.
 * `values` are those that the cell's compiled holes have left, in their order.
 */
export function bind(cell: SqlCell, statement: StatementTemplate, values: readonly unknown[]): Bound {
  const binder = new Binder(cell, values)
  for (const piece of statement.pieces) {
    try {
      binder.add(piece)
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      const message = `This value${error.path && ` at ${error.path}`} ${error.message}`
      return { ok: false, error: { message, ...cell.positionOf(piece.offset) } }
    }
  }
  return binder.bound()
}

class Binder {
  readonly #cell: SqlCell
  readonly #values: readonly unknown[]
  readonly #parameters: Parameter[] = []
  /** What a value is called in this statement: `$1`, or all the parameters of a list. */
  readonly #called = new Map<string, string[]>()
  readonly #texts: string[] = []
  /** Where each piece begins in the text, and in the cell. */
  readonly #places: { start: number; offset: number; isText: boolean }[] = []
  #length = 0

  constructor(cell: SqlCell, values: readonly unknown[]) {
    this.#cell = cell
    this.#values = values
  }

  add(piece: Piece): void {
    const text = piece.kind === 'text' ? piece.text : this.#slot(piece)
    this.#places.push({ start: this.#length, offset: piece.offset, isText: piece.kind === 'text' })
    this.#texts.push(text)
    this.#length += text.length
  }

  bound(): Bound {
    const text = this.#texts.join('')
    const { dialect, positionOf } = this.#cell
    const places = this.#places
    return {
      ok: true,
      text,
      parameters: this.#parameters,
      positionOf: (offset) => {
        const at = dialect === 'duckdb' ? unitOfByte(text, offset) : unitOfCharacter(text, offset)
        const place = places.findLast(({ start }) => start <= at) ?? { start: 0, offset: 0, isText: true }
        return positionOf(place.isText ? place.offset + at - place.start : place.offset)
      },
    }
  }

  /** In spaces, so that it can never become one with what stands beside it. */
  #slot(slot: Slot): string {
    const value = this.#values[slot.value]
    switch (slot.kind) {
      case 'ident':
        return ` ${quoteIdentifier(value, this.#cell.dialect)} `
      case 'value':
        return ` ${this.#named(slot, [value])[0]} `
      case 'list':
        return ` ${this.#list(slot, value)} `
    }
  }

  #list(slot: Slot, value: unknown): string {
    if (!isList(value)) throw new Unfit('', 'is no list')
    const names = this.#named(slot, [...value])
    const { membership } = slot
    if (names.length === 0) return this.#empty(membership)
    return membership ? `${membership} (${names.join(', ')})` : names.join(', ')
  }

  /** Of the same type as whatever is compared, which nobody knows here. */
  #empty(membership: Slot['membership']): string {
    if (!membership) throw new Unfit('', 'is an empty list, which can only stand in `in (…)`')
    if (this.#cell.dialect === 'duckdb') return `${membership} (select null where false)`
    // A query's column would have a type of its own, text. These bind as tightly as `in` does.
    return membership === 'in' ? `operator(=) any ('{}')` : `operator(<>) all ('{}')`
  }

  #named({ kind, value: index }: Slot, values: readonly unknown[]): string[] {
    const key = `${kind} ${index}`
    const known = this.#called.get(key)
    if (known) return known
    if (this.#parameters.length + values.length > MAX_PARAMETERS)
      throw new Unfit('', `brings more than ${MAX_PARAMETERS.toLocaleString('en')} parameters: make it a table and join with it`)
    const names = values.map((value, n) => {
      const parameter = toParameter(value, this.#cell.dialect, kind === 'list' ? `[${n}]` : '')
      this.#parameters.push(parameter)
      return castOf(`$${this.#parameters.length}`, parameter.type, this.#cell.dialect)
    })
    this.#called.set(key, names)
    return names
  }
}

function isList(value: unknown): value is Iterable<unknown> {
  return Array.isArray(value) || value instanceof Set || isTypedArray(value)
}

/** UTF-16 units before a byte of the text in UTF-8. */
function unitOfByte(text: string, byte: number): number {
  let bytes = 0
  let units = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (bytes > byte) break
    units += character.length
  }
  return units
}

/** UTF-16 units before the n-th character, counted from 1. */
function unitOfCharacter(text: string, n: number): number {
  let characters = 0
  let units = 0
  for (const character of text) {
    characters += 1
    if (characters >= n) break
    units += character.length
  }
  return units
}
