import { KEPT, type KeptColumn } from './cells.ts'
import { Failure } from './failures.ts'
import type { PageQuery } from './protocol.ts'

/** Which rows of a result, and in which order, as the engine reads it; without one, in the order in which the query gave them. */
export interface Choice {
  where: string
  order: string | undefined
}

type Asked = Pick<PageQuery, 'sort' | 'filter' | 'filters'>

export function choiceOf(columns: readonly KeptColumn[], query: Asked): Choice {
  return { where: where(columns, query), order: query.sort && orderBy(columns, query.sort) }
}

/** What is missing comes last in either direction. */
function orderBy(columns: readonly KeptColumn[], { column, descending }: NonNullable<Asked['sort']>): string {
  return `${called(columns, column).column} ${descending ? 'desc' : 'asc'} nulls last`
}

function where(columns: readonly KeptColumn[], { filter = '', filters = [] }: Asked): string {
  const anywhere = filter.trim() === '' ? [] : [columns.map((column) => holds(column, filter.trim())).join(' or ')]
  const each = filters
    .filter(({ text }) => text.trim() !== '')
    .map(({ column, text }) => holds(called(columns, column), text.trim()))
  const all = [...anywhere, ...each]
  return all.length === 0 ? '' : `where ${all.map((condition) => `(${condition})`).join(' and ')}`
}

/** By its unique key, or by the name that is shown. */
function called(columns: readonly KeptColumn[], name: string): KeptColumn {
  const column = columns.find(({ key }) => key === name) ?? columns.find((each) => each.name === name)
  if (!column) throw new Failure('database', `The result has no column “${name}”.`)
  return column
}

/** Whether the text of a value has another one in it, whatever the case. */
function holds({ column }: KeptColumn, text: string): string {
  return `contains(lower(cast(${column} as varchar)), lower(${literal(text)}))`
}

function literal(text: string): string {
  if (!text.isWellFormed() || text.includes('\0')) throw new Failure('database', 'The text to look for has no such character.')
  return `'${text.replaceAll("'", "''")}'`
}

/** All rows that were chosen, in their order; `what` of each. */
export function chosen(what: string, table: string, { where, order }: Choice): string {
  return `select ${what} from ${table} as ${KEPT} ${where} ${order ? `order by ${order}, ${KEPT}.rowid` : ''}`
}
