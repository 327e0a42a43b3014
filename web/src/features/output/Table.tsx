import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, Copy, Download } from 'lucide-react'
import { useMemo, useState } from 'react'
import { IconButton } from '../../ui/Button.tsx'
import { cx } from '../../ui/cx.ts'
import { download } from '../../ui/download.ts'
import { plural } from '../../ui/format.ts'
import { toast } from '../../ui/toast.ts'
import type { TableData } from './choose.ts'
import { isNumeric, matching, type Row, rowsOf, type Sort, sorted, toCsv, toTsv, writeDate, writeValue } from './table.ts'

const PAGE = 12
const FILTER_FROM = 8

/** A grid over the rows that were sent: filter, sort, page, copy, CSV. */
export default function Table({ table }: { table: TableData }) {
  const { columns } = table
  const all = useMemo(() => rowsOf(table), [table])
  const [filter, setFilter] = useState('')
  const [sort, setSort] = useState<Sort>()
  const [page, setPage] = useState(0)
  const rows = useMemo(() => sorted(matching(all, filter), sort), [all, filter, sort])
  const numeric = useMemo(() => columns.map(({ type }, column) => isNumeric(all, column, type)), [columns, all])
  const last = Math.max(0, Math.ceil(rows.length / PAGE) - 1)
  const shown = Math.min(page, last)

  return (
    <div className="table-box">
      <div className="table-bar">
        <span className="tabular-nums">
          {plural(table.total, 'row')} · {plural(columns.length, 'column')}
          {table.total > all.length && ` · first ${all.length.toLocaleString('en')} here`}
        </span>
        <span className="flex-1" />
        {all.length > FILTER_FROM && (
          <input
            type="search"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            placeholder="Filter"
            aria-label="Filter rows"
            className="table-filter"
          />
        )}
        <Exports columns={columns} rows={rows} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className="table-scroll" aria-label="Table" tabIndex={0}>
        <table className="table" aria-rowcount={rows.length + 1}>
          <Head columns={columns} numeric={numeric} sort={sort} onSort={setSort} />
          <tbody>
            {rows.slice(shown * PAGE, (shown + 1) * PAGE).map((row, index) => (
              <tr key={index} aria-rowindex={shown * PAGE + index + 2}>
                {columns.map(({ name, type }, column) => (
                  <Value key={name} value={row[column]} type={type} numeric={numeric[column] ?? false} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {last > 0 && <Pages page={shown} last={last} onPage={setPage} />}
    </div>
  )
}

function Value({ value, type, numeric }: { value: unknown; type?: string; numeric: boolean }) {
  const missing = value === null || value === undefined
  return (
    <td className={cx(numeric && 'table-number', missing && 'text-muted')}>
      {missing ? '–' : type === 'date' ? writeDate(value) : writeValue(value)}
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
        {columns.map(({ name, type }, column) => {
          const own = sort?.column === column ? sort : undefined
          return (
            <th
              key={name}
              scope="col"
              className={cx(numeric[column] && 'table-number')}
              aria-sort={own ? (own.descending ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" onClick={() => onSort(nextSort(sort, column))} className="table-sort">
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

function Exports({ columns, rows }: { columns: TableData['columns']; rows: readonly Row[] }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(toTsv(columns, rows))
      await toast(`${plural(rows.length, 'row')} copied`)
    } catch {
      await toast('The browser did not allow copying.', { tone: 'bad' })
    }
  }
  return (
    <span className="flex gap-0.5">
      <IconButton label="Copy rows" onClick={() => void copy()}>
        <Copy size={13} aria-hidden />
      </IconButton>
      <IconButton label="Download as CSV" onClick={() => download('table.csv', 'text/csv', toCsv(columns, rows))}>
        <Download size={13} aria-hidden />
      </IconButton>
    </span>
  )
}

function Pages({ page, last, onPage }: { page: number; last: number; onPage: (page: number) => void }) {
  return (
    <div className="table-bar justify-end">
      <span className="tabular-nums">
        page {page + 1} of {last + 1}
      </span>
      <IconButton label="Previous page" disabled={page === 0} onClick={() => onPage(page - 1)}>
        <ChevronLeft size={14} aria-hidden />
      </IconButton>
      <IconButton label="Next page" disabled={page === last} onClick={() => onPage(page + 1)}>
        <ChevronRight size={14} aria-hidden />
      </IconButton>
    </div>
  )
}
