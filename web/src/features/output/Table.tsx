import { ArrowDown, ArrowUp, ChartColumn } from 'lucide-react'
import { use, useMemo, useState } from 'react'
import { IconButton } from '../../ui/Button.tsx'
import { cx } from '../../ui/cx.ts'
import { plural } from '../../ui/format.ts'
import type { TableData } from './choose.ts'
import { Exports } from './Exports.tsx'
import { Pages } from './Pages.tsx'
import { isNumeric, rowsOf, type Sort, typeTip, writeDate, writeValue } from './table.ts'
import { TableHelpContext } from './tableHelp.ts'
import { PAGE, useRows } from './useRows.ts'

const FILTER_FROM = 8

/** A grid that sorts, filters, pages, copies and saves; long ones where their rows are. */
export default function Table({ table }: { table: TableData }) {
  const { columns } = table
  const first = useMemo(() => rowsOf(table), [table])
  const [filter, setFilter] = useState('')
  const [sort, setSort] = useState<Sort>()
  const [page, setPage] = useState(0)
  const { name, onChart } = use(TableHelpContext)
  const shown = useRows(table, { filter, sort, page })
  const numeric = useMemo(() => columns.map(({ type }, column) => isNumeric(first, column, type)), [columns, first])
  const last = Math.max(0, Math.ceil(shown.count / PAGE) - 1)
  // A re-run may have left fewer rows than the page that is open needs.
  if (page > last) setPage(last)

  return (
    <div className="table-box" aria-busy={shown.waiting}>
      <div className="table-bar">
        <span className="tabular-nums">
          {plural(table.total, 'row')} · {plural(columns.length, 'column')}
          {filter.trim() && !shown.waiting && ` · ${shown.count.toLocaleString('en')} found`}
        </span>
        <span className="flex-1" />
        {first.length > FILTER_FROM && (
          <input
            type="search"
            value={filter}
            onChange={(event) => {
              setFilter(event.target.value)
              setPage(0)
            }}
            placeholder="Filter"
            aria-label="Filter rows"
            className="table-filter"
          />
        )}
        <span className="flex gap-0.5">
          {onChart && (
            <IconButton label="Show as chart" onClick={() => onChart(table)}>
              <ChartColumn size={13} aria-hidden />
            </IconButton>
          )}
          <Exports table={table} name={name ?? 'table'} shown={shown} />
        </span>
      </div>
      {shown.problem && <p className="my-1 text-xs text-bad">{shown.problem}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className="table-scroll" aria-label="Table" tabIndex={0}>
        <table className="table" aria-rowcount={shown.count + 1}>
          <Head columns={columns} numeric={numeric} sort={sort} onSort={setSort} />
          <tbody>
            {shown.rows.map((row, index) => (
              <tr key={index} aria-rowindex={page * PAGE + index + 2}>
                {columns.map(({ type, sqlType }, column) => (
                  // By place: a query may call two columns the same.
                  <Value
                    key={column}
                    value={row[column]}
                    type={type}
                    missing={sqlType === undefined ? '–' : 'NULL'}
                    numeric={numeric[column] ?? false}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {last > 0 && <Pages page={page} last={last} onPage={setPage} />}
    </div>
  )
}

interface ValueProps {
  value: unknown
  type: string | undefined
  numeric: boolean
  /** What stands where nothing is. */
  missing: string
}

function Value({ value, type, numeric, missing }: ValueProps) {
  const none = value === null || value === undefined
  return (
    <td className={cx(numeric && 'table-number', none && 'table-missing')} data-missing={none || undefined}>
      {none ? missing : type === 'date' ? writeDate(value) : writeValue(value)}
    </td>
  )
}

interface HeadProps {
  columns: TableData['columns']
  numeric: boolean[]
  sort: Sort | undefined
  onSort: (sort: Sort | undefined) => void
}

/** Ascending, descending, as it came. */
function nextSort(sort: Sort | undefined, column: number): Sort | undefined {
  if (sort?.column !== column) return { column, descending: false }
  return sort.descending ? undefined : { column, descending: true }
}

function Head({ columns, numeric, sort, onSort }: HeadProps) {
  return (
    <thead>
      <tr>
        {columns.map(({ name, type, sqlType }, column) => {
          const own = sort?.column === column ? sort : undefined
          return (
            <th
              key={column}
              scope="col"
              className={cx(numeric[column] && 'table-number')}
              aria-sort={own ? (own.descending ? 'descending' : 'ascending') : 'none'}
            >
              <button
                type="button"
                onClick={() => onSort(nextSort(sort, column))}
                className="table-sort"
                data-tip={sqlType && typeTip(sqlType)}
              >
                {name}
                {own && (own.descending ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
                {type && <span className="table-type">{type}</span>}
              </button>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
