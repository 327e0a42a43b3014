import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../ui/Button.tsx'

/** Fewer than this are turned one by one. */
const MANY = 5

interface Props {
  /** Counted from 0, as `last` is. */
  page: number
  last: number
  onPage: (page: number) => void
}

export function Pages({ page, last, onPage }: Props) {
  return (
    <div className="table-bar justify-end">
      {last >= MANY && <GoTo last={last} onPage={onPage} />}
      <span className="tabular-nums">
        page {page + 1} of {last + 1}
      </span>
      <span className="flex">
        <IconButton label="First page" disabled={page === 0} onClick={() => onPage(0)}>
          <ChevronFirst size={14} aria-hidden />
        </IconButton>
        <IconButton label="Previous page" disabled={page === 0} onClick={() => onPage(page - 1)}>
          <ChevronLeft size={14} aria-hidden />
        </IconButton>
        <IconButton label="Next page" disabled={page === last} onClick={() => onPage(page + 1)}>
          <ChevronRight size={14} aria-hidden />
        </IconButton>
        <IconButton label="Last page" disabled={page === last} onClick={() => onPage(last)}>
          <ChevronLast size={14} aria-hidden />
        </IconButton>
      </span>
    </div>
  )
}

function GoTo({ last, onPage }: Omit<Props, 'page'>) {
  const [wanted, setWanted] = useState('')
  const go = () => {
    const page = Number.parseInt(wanted, 10)
    setWanted('')
    if (page) onPage(Math.min(Math.max(page, 1), last + 1) - 1)
  }
  return (
    <input
      inputMode="numeric"
      value={wanted}
      onChange={(event) => setWanted(event.target.value.replace(/\D/g, ''))}
      onKeyDown={(event) => event.key === 'Enter' && go()}
      placeholder="Go to"
      aria-label="Go to page"
      className="table-filter table-go"
    />
  )
}
