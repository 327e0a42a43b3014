/**
 * What a TypeScript cell of Rivulet can use without defining it. A cell's own definition of one of these names goes before.
 *
 * For editors and compilers: put this file beside your sources, with `"lib": ["esnext", "webworker"]` and, for `Plot`, the
 * package `@observablehq/plot`. The server has it at `/cells.d.ts`.
 */

/** Shows a value now, besides the last expression. Anything can be shown; a promise is shown as one. */
declare function display(value: unknown): void

/** Ends the cell quietly where `condition` holds, showing `output` first; what reads from the cell is cancelled. */
declare function stop(condition: unknown, output?: unknown): void

/** How far the cell is, shown beside it while it runs. */
declare function progress(done: number, total: number, label?: string): void

/** Aborts when the cell runs again, is deleted, or the kernel ends: pass it on to what should stop then. */
declare const invalidation: AbortSignal

/** Prints below the cell. */
declare var console: Console

/** Things people move, type or press. Other cells read their values, and run when these change. */
declare const input: Rivulet.Inputs

/** HTML; values in the template are escaped, markup and elements are not. */
declare function html(strings: TemplateStringsArray, ...values: unknown[]): Rivulet.Markup

/** A drawing in SVG; values in the template are escaped, markup and elements are not. */
declare function svg(strings: TemplateStringsArray, ...values: unknown[]): Rivulet.Markup

/** Markdown; values in the template are escaped, Markdown, markup and elements are not. */
declare function md(strings: TemplateStringsArray, ...values: unknown[]): Rivulet.Markup

/** Observable Plot; its charts become SVG. */
declare const Plot: typeof import('@observablehq/plot')

/** A Vega-Lite chart. The specification and its data are copied; functions and classes cannot be part of it. */
declare function vegaLite(spec: Rivulet.DataObject): Rivulet.Chart

/** A Plotly chart of one or several traces, which are copied as the layout is. */
declare function plotly(
  data: readonly Rivulet.DataObject[],
  layout?: Rivulet.DataObject,
  config?: Rivulet.DataObject,
): Rivulet.Chart

/** The part of the usual console that cells have. None of it throws. */
interface Console {
  log(...data: unknown[]): void
  info(...data: unknown[]): void
  debug(...data: unknown[]): void
  dir(value?: unknown): void
  dirxml(...data: unknown[]): void
  table(value?: unknown): void
  warn(...data: unknown[]): void
  error(...data: unknown[]): void
  trace(...data: unknown[]): void
  assert(condition?: unknown, ...data: unknown[]): void
  group(...data: unknown[]): void
  groupCollapsed(...data: unknown[]): void
  groupEnd(): void
  time(label?: string): void
  timeLog(label?: string): void
  timeEnd(label?: string): void
  count(label?: string): void
  countReset(label?: string): void
  clear(): void
}

declare namespace Rivulet {
  /** Markup in a language that pages show; inserted as it is into a template of the same language. */
  interface Markup {
    toString(): string
  }

  /** A chart that the page draws. */
  type Chart = object

  /** An object of plain data. Lists and functions are none: they have a length. */
  type DataObject = { readonly [name: string]: unknown } | (object & { readonly length?: never })

  interface Inputs {
    /** Other cells read a number. Without a range it goes from 0 to 100. */
    slider(options?: SliderOptions | string): Input<number>
    /** Other cells read a number, or null while the field is empty. */
    number(options?: NumberOptions | string): Input<number | null>
    /** Other cells read a string. */
    text(options?: TextOptions | string): Input<string>
    /** Other cells read the chosen value, null where there is none; with `multiple`, a list of the chosen ones. */
    select<const T>(choices: Choices<T>, options?: SelectOptions<T> | string): Input<T | null>
    select<const T>(choices: Choices<T>, options: SelectManyOptions<T>): Input<T[]>
    select<const T>(options: SelectOptions<T> & { options: readonly T[] }): Input<T | null>
    /** Other cells read true or false. */
    checkbox(options?: CheckboxOptions | string): Input<boolean>
    /** Other cells read how often it was pressed. */
    button(options?: InputOptions | string): Input<number>
    /** Other cells read a Date at midnight UTC, or null. Days are written as '2026-11-25'. */
    date(options?: DateOptions | string): Input<Date | null>
    /** Other cells read the chosen rows. */
    table<Row extends object>(rows: readonly Row[], options?: InputOptions | string): Input<Row[]>
  }

  /** An input inside its own cell; it computes as its value does. Other cells read the value itself: see `CellValue`. */
  interface Input<T> {
    readonly id: string
    readonly value: T
    valueOf(): T
    toString(): string
    toJSON(): T
    [Symbol.toPrimitive](hint: string): T | string
  }

  /** A lone text instead of options is the label. */
  interface InputOptions {
    label?: string
  }

  interface SliderOptions extends InputOptions {
    min?: number
    max?: number
    /** Whole numbers where the range is wide enough for them, else a hundredth of it. */
    step?: number
    /** The smallest, unless given. */
    value?: number
  }

  interface NumberOptions extends InputOptions {
    min?: number
    max?: number
    step?: number
    value?: number | null
  }

  interface TextOptions extends InputOptions {
    value?: string
    placeholder?: string
    multiline?: boolean
  }

  /** A list of values, or an object or a map from label to value. */
  type Choices<T> = readonly T[] | { readonly [label: string]: T } | ReadonlyMap<unknown, T>

  interface SelectOptions<T> extends InputOptions {
    multiple?: false
    /** One of the choices, or its label; null for none. The first, unless given. */
    value?: NoInfer<T> | string | null
  }

  interface SelectManyOptions<T> extends InputOptions {
    multiple: true
    /** Some of the choices, or their labels. */
    value?: readonly (NoInfer<T> | string)[]
  }

  interface CheckboxOptions extends InputOptions {
    value?: boolean
  }

  interface DateOptions extends InputOptions {
    value?: Date | string | null
    min?: Date | string
    max?: Date | string
  }

  /** What other cells read of a value: an input's value instead of the input, also inside lists and plain objects. */
  type CellValue<T> =
    T extends Input<infer Value>
      ? Value
      : T extends readonly unknown[] | { readonly [name: string]: unknown }
        ? { [Key in keyof T]: CellValue<T[Key]> }
        : T
}
