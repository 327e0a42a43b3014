/**
 * Tables and views that SQL cells make are names of the graph, too: one per connection, beside the names of values and never
 * mixed up with them, as no value can have a name with a colon in it.
 */

const PREFIX = 'table:'
/** The engine that every notebook has. */
export const EMBEDDED = 'embedded'

export interface Table {
  /** The connection it is on. */
  connection: string
  /** Its name with its qualifiers, in the form in which the engine compares names. */
  parts: readonly string[]
}

/** `table:<connection>:<name>`, where what would be ambiguous is encoded. */
export function graphName({ connection, parts }: Table): string {
  return `${PREFIX}${encode(connection)}:${parts.map(encode).join('.')}`
}

/** The inverse; undefined for names of values. */
export function tableOf(name: string): Table | undefined {
  if (!name.startsWith(PREFIX)) return undefined
  const [connection = '', parts = ''] = name.slice(PREFIX.length).split(':')
  return { connection: decodeURIComponent(connection), parts: parts.split('.').map(decodeURIComponent) }
}

/** The name in the graph of a table that is a file of the notebook. */
export function fileName(table: string): string {
  return graphName({ connection: EMBEDDED, parts: [table] })
}

/** The inverse; undefined for what no file can be. */
export function fileTable(name: string): string | undefined {
  const { connection, parts = [] } = tableOf(name) ?? {}
  return connection === EMBEDDED && parts.length === 1 ? parts[0] : undefined
}

/** As people call it. */
export function shownName(name: string): string {
  return tableOf(name)?.parts.join('.') ?? name
}

function encode(part: string): string {
  return part.replace(/[%:.\s\p{C}]/gu, (character) => encodeURIComponent(character).replace('.', '%2E'))
}
