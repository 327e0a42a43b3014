import { use, useEffect, useMemo, useState } from 'react'
import type { TableData } from './choose.ts'
import { type LoadRows, RowsContext, type RowsQuery } from './rows.ts'
import { matching, type Row, rowsOf, type Sort, sorted } from './table.ts'

export interface View {
  filter: string
  sort: Sort | undefined
  page: number
}

export interface ShownRows {
  /** Those of the page. */
  rows: readonly Row[]
  /** How many there are on all pages. */
  count: number
  /** What stands there is still that of the question before. */
  waiting: boolean
  problem?: string
  /** Every row on every page, as far as a browser's memory takes them. */
  all: () => Promise<readonly Row[]>
  /** The order and the filter, as they are asked for. */
  question: Pick<RowsQuery, 'sort' | 'filter'>
}

export const PAGE = 12
const TYPING_MS = 200
const AT_ONCE = 1_000
/** More than this is no table for a browser's clipboard or memory. */
const MOST = 200_000

function useHere(table: TableData, rows: readonly Row[], view: View): ShownRows {
  const { filter, sort, page } = view
  const chosen = useMemo(() => sorted(matching(rows, filter), sort), [rows, filter, sort])
  return {
    rows: chosen.slice(page * PAGE, (page + 1) * PAGE),
    count: chosen.length,
    waiting: false,
    all: () => Promise.resolve(chosen),
    question: questionOf(table, view),
  }
}

async function loadAll(load: (query: RowsQuery) => ReturnType<LoadRows>, query: RowsQuery): Promise<Row[]> {
  const rows: Row[] = []
  for (;;) {
    const part = await load({ ...query, offset: rows.length, limit: AT_ONCE })
    rows.push(...part.rows)
    if (!part.rows.length || rows.length >= Math.min(part.total, MOST)) return rows
  }
}

type Answer = { rows: readonly Row[]; total: number } | { problem: string }

/** Asks where the rows are, unless the question is answered by the rows that came along. */
function useThere(table: TableData, view: View, load: LoadRows | null): Answer | undefined {
  const [answer, setAnswer] = useState<{ key: string; answer: Answer }>()
  const { handle = '' } = table
  const query = queryOf(table, view)
  const key = JSON.stringify([handle, query])
  useEffect(() => {
    if (!load || !handle) return
    let outdated = false
    const ask = () => {
      const [, asked] = JSON.parse(key) as [string, RowsQuery]
      load(handle, asked).then(
        (rows) => !outdated && setAnswer({ key, answer: rows }),
        (error: Error) => !outdated && setAnswer({ key, answer: { problem: error.message } }),
      )
    }
    const timer = setTimeout(ask, TYPING_MS)
    return () => {
      outdated = true
      clearTimeout(timer)
    }
  }, [load, handle, key])
  return answer?.key === key ? answer.answer : undefined
}

function queryOf(table: TableData, view: View): RowsQuery {
  return { offset: view.page * PAGE, limit: PAGE, ...questionOf(table, view) }
}

function questionOf({ columns }: TableData, { filter, sort }: View): ShownRows['question'] {
  const column = sort && columns[sort.column]?.name
  return {
    ...(sort && column !== undefined && { sort: { column, descending: sort.descending } }),
    ...(filter.trim() && { filter }),
  }
}

/** The page to show, from the rows that came along or from where all of them are. */
export function useRows(table: TableData, view: View): ShownRows {
  const load = use(RowsContext)
  const first = useMemo(() => rowsOf(table), [table])
  const here = useHere(table, first, view)
  // What came along whole is sorted and filtered here.
  const handle = table.total > first.length ? table.handle : undefined
  const plain = !view.sort && !view.filter.trim()
  const asks = load !== null && handle !== undefined && !(plain && (view.page + 1) * PAGE <= first.length)
  const answer = useThere(table, view, asks ? load : null)
  const [last, setLast] = useState<{ rows: readonly Row[]; total: number }>()
  useEffect(() => {
    if (answer && 'rows' in answer) setLast(answer)
  }, [answer])

  if (!load || handle === undefined) return here
  const query = queryOf(table, view)
  const all = () => loadAll((part) => load(handle, part), query)
  if (!asks) return { ...here, count: table.total, all }
  if (answer && 'problem' in answer) return { ...here, problem: answer.problem, all }
  const shown = answer ?? last ?? { rows: here.rows, total: here.count }
  // Of another question's answer the rows may stand a moment longer, but not how many there are: the page would be turned back.
  const count = !answer && plain ? table.total : shown.total
  return { ...here, rows: shown.rows, count, waiting: !answer, all }
}
