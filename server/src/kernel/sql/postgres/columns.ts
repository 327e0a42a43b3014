import type { FieldDef } from 'pg'
import { dimensionsOf, mapArray, parseArray } from './arrays.ts'
import { elementOf, type Scalar, scalarOf } from './scalars.ts'

/** One column of an answer on its way into the embedded engine, where it arrives as text and gets its type. */
export interface Column extends Scalar {
  name: string
}

export function columnOf({ name, dataTypeID, dataTypeModifier }: FieldDef): Column {
  const element = elementOf(dataTypeID)
  const scalar = element === undefined ? scalarOf(dataTypeID, dataTypeModifier) : new List(scalarOf(element, dataTypeModifier))
  return {
    name,
    depends: scalar.depends,
    read: (text) => scalar.read(text),
    // A column without any value has a type that other types may not be made of.
    expression: (column) => scalar.expression(`cast(${column} as varchar)`),
  }
}

/** PostgreSQL does not say how many dimensions the arrays of a column have: where they differ they stay JSON. */
class List implements Scalar {
  readonly depends = true
  readonly #element: Scalar
  readonly #dimensions = new Set<number>()
  #isText = false

  constructor(element: Scalar) {
    this.#element = element
  }

  /** JSON of texts. */
  read(text: string): string {
    const value = parseArray(text)
    if (!value) {
      this.#isText = true
      return text
    }
    const dimensions = dimensionsOf(value)
    if (dimensions > 0) this.#dimensions.add(dimensions)
    return JSON.stringify(mapArray(value, (each) => this.#element.read(each)))
  }

  expression(text: string): string {
    if (this.#isText) return text
    if (this.#dimensions.size > 1) return `cast(${text} as json)`
    const [dimensions = 1] = this.#dimensions
    return this.#nested(`cast(cast(${text} as json) as varchar${'[]'.repeat(dimensions)})`, dimensions)
  }

  #nested(list: string, dimensions: number): string {
    if (dimensions === 0) return this.#element.expression(list)
    const each = `e${dimensions}`
    return `list_transform(${list}, lambda ${each}: ${this.#nested(each, dimensions - 1)})`
  }
}
