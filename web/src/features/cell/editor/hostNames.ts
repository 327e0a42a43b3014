/** What is there in a TypeScript cell without being defined. A test holds it in step with what the kernel has (`cells.d.ts`). */
export interface HostName {
  name: string
  /** What follows the name where it is declared. */
  signature: string
  doc: string
}

export const HOST_NAMES: readonly HostName[] = [
  {
    name: 'display',
    signature: '(value: unknown): void',
    doc: 'Shows a value now, besides the last expression. Anything can be shown; a promise is shown as one.',
  },
  {
    name: 'stop',
    signature: '(condition: unknown, output?: unknown): void',
    doc: 'Ends the cell quietly where `condition` holds, showing `output` first; what reads from the cell is cancelled.',
  },
  {
    name: 'progress',
    signature: '(done: number, total: number, label?: string): void',
    doc: 'How far the cell is, shown beside it while it runs.',
  },
  {
    name: 'invalidation',
    signature: ': AbortSignal',
    doc: 'Aborts when the cell runs again, is deleted, or the kernel ends: pass it on to what should stop then.',
  },
  { name: 'console', signature: ': Console', doc: 'Prints below the cell.' },
  {
    name: 'input',
    signature: ': Inputs',
    doc: 'Things people move, type or press. Other cells read their values, and run when these change.',
  },
  {
    name: 'html',
    signature: '(strings: TemplateStringsArray, ...values: unknown[]): Markup',
    doc: 'HTML; values in the template are escaped, markup and elements are not.',
  },
  {
    name: 'svg',
    signature: '(strings: TemplateStringsArray, ...values: unknown[]): Markup',
    doc: 'A drawing in SVG; values in the template are escaped, markup and elements are not.',
  },
  {
    name: 'md',
    signature: '(strings: TemplateStringsArray, ...values: unknown[]): Markup',
    doc: 'Markdown; values in the template are escaped, Markdown, markup and elements are not.',
  },
  {
    name: 'Plot',
    signature: ": typeof import('@observablehq/plot')",
    doc: 'Observable Plot; its charts become SVG.',
  },
  {
    name: 'vegaLite',
    signature: '(spec: DataObject): Chart',
    doc: 'A Vega-Lite chart. The specification and its data are copied; functions and classes cannot be part of it.',
  },
  {
    name: 'plotly',
    signature: '(data: readonly DataObject[], layout?: DataObject, config?: DataObject): Chart',
    doc: 'A Plotly chart of one or several traces, which are copied as the layout is.',
  },
]

/** What `input` has. */
export const INPUTS: readonly HostName[] = [
  {
    name: 'slider',
    signature: '({ min, max, step, value, label }): Input<number>',
    doc: 'Other cells read a number. Without a range it goes from 0 to 100.',
  },
  {
    name: 'number',
    signature: '({ min, max, step, value, label }): Input<number | null>',
    doc: 'Other cells read a number, or null while the field is empty.',
  },
  {
    name: 'text',
    signature: '({ value, placeholder, multiline, label }): Input<string>',
    doc: 'Other cells read a string.',
  },
  {
    name: 'select',
    signature: '(choices, { multiple, value, label }): Input<T | null>',
    doc: 'Other cells read the chosen value, null where there is none; with `multiple`, a list of the chosen ones.',
  },
  { name: 'checkbox', signature: '({ value, label }): Input<boolean>', doc: 'Other cells read true or false.' },
  { name: 'button', signature: '({ label }): Input<number>', doc: 'Other cells read how often it was pressed.' },
  {
    name: 'date',
    signature: '({ value, min, max, label }): Input<Date | null>',
    doc: "Other cells read a Date at midnight UTC, or null. Days are written as '2026-11-25'.",
  },
  { name: 'table', signature: '(rows, { label }): Input<Row[]>', doc: 'Other cells read the chosen rows.' },
]
