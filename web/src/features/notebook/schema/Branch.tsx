import { ChevronDown, ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

interface Props {
  label: string
  icon?: ReactNode
  note?: string
  open: boolean
  onToggle: () => void
  /** Buttons beside the line. */
  tools?: ReactNode
  children: ReactNode
}

/** A line that opens what is below it. */
export function Branch({ label, icon, note, open, onToggle, tools, children }: Props) {
  const Arrow = open ? ChevronDown : ChevronRight
  return (
    <li>
      <div className="schema-line">
        <button type="button" aria-expanded={open} onClick={onToggle} className="schema-row">
          <Arrow size={13} aria-hidden className="shrink-0 text-muted" />
          {icon}
          <span className="truncate">{label}</span>
          {note && <span className="ml-auto shrink-0 text-[11px] text-muted tabular-nums">{note}</span>}
        </button>
        {tools}
      </div>
      {open && <div className="schema-level">{children}</div>}
    </li>
  )
}
