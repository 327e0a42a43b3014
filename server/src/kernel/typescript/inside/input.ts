import { DISPLAY } from './bundle.ts'
import { describe } from './describe.ts'
import { printTree } from './print.ts'
import type { MimeBundle } from './protocol.ts'
import { cut } from './text.ts'

const INPUT_MIME = 'application/vnd.input+json'

const SHORT = { depth: 2, entries: 20, nodes: 60, text: 200 }

interface Spec {
  kind: string
  label?: string
  [field: string]: unknown
}

/** One kind of input with its options, checked. */
export interface Definition {
  spec: Spec
  /** As it goes over the wire. */
  first: unknown
  /** Whether a value that was kept still fits, now that the options may be others. */
  fits: (value: unknown) => boolean
  /** From the wire's value to what cells read. */
  read: (value: unknown) => unknown
}

/** Something people move, type or press. Other cells read its value under the name of the constant it was assigned to. */
export class Input {
  readonly id: string
  readonly #definition: Definition
  readonly #version: number
  #value: unknown

  constructor(id: string, version: number, definition: Definition, kept: unknown) {
    this.id = id
    this.#version = version
    this.#definition = definition
    this.#value = kept !== undefined && definition.fits(kept) ? kept : definition.first
  }

  /** Total, as `instanceof` is not. */
  static is(value: unknown): value is Input {
    return typeof value === 'object' && value !== null && #definition in value
  }

  get value(): unknown {
    return this.#definition.read(this.#value)
  }

  accept(value: unknown): void {
    if (this.#definition.fits(value)) this.#value = value
  }

  valueOf(): unknown {
    return this.value
  }

  toString(): string {
    return String(this.value)
  }

  toJSON(): unknown {
    return this.value
  }

  /** Functions of the input's own cell can compute with it as it is: `() => slider * 2`. */
  [Symbol.toPrimitive](hint: string): unknown {
    return hint === 'string' ? this.toString() : this.value
  }

  [DISPLAY](): MimeBundle {
    const { spec } = this.#definition
    const { value } = this
    const text = `${spec.label ?? spec.kind}: ${typeof value === 'string' ? value : printTree(describe(value, SHORT))}`
    return {
      [INPUT_MIME]: { id: this.id, ...spec, version: this.#version, value: this.#value },
      'text/plain': cut(text, 0, 1_000),
    }
  }
}
