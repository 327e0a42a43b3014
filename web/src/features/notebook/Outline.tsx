import { useMemo } from 'react'
import { cx } from '../../ui/cx.ts'
import { useSelected } from '../../ui/store.ts'
import type { Notebook } from './Notebook.ts'
import { type OutlineEntry, steadyOutline } from './outline.ts'

/** Letters that fit into a row. What may be cut off is clipped, and every clip is drawn apart: hundreds would cost time at every key. */
const ROOM = 28

export function Outline({ notebook, onJump }: { notebook: Notebook; onJump: (cellId: string) => void }) {
  const outline = useMemo(steadyOutline, [])
  const entries = useSelected(notebook.view, (view) => outline(view.notebook))
  const active = useSelected(notebook.selection.state, (selection) => selection.active)
  if (!entries.length)
    return <p className="panel-empty">Headings of Markdown cells and the names that cells define appear here.</p>
  return (
    <nav aria-label="Outline">
      <ul>
        {entries.map((entry) => (
          <Row
            key={`${entry.cellId}:${entry.title}`}
            entry={entry}
            isHere={entry.cellId === active}
            onJump={() => onJump(entry.cellId)}
          />
        ))}
      </ul>
    </nav>
  )
}

function Row({ entry: { title, level, kind }, isHere, onJump }: { entry: OutlineEntry; isHere: boolean; onJump: () => void }) {
  const look = kind === 'names' ? 'font-mono text-[12px] text-muted' : level === 1 && 'font-semibold'
  return (
    <li>
      <button
        type="button"
        onClick={onJump}
        aria-current={isHere ? 'location' : undefined}
        className={cx('panel-row', look)}
        style={{ paddingLeft: 8 + (level - 1) * 12 }}
      >
        <span className={title.length + 2 * level > ROOM ? 'truncate' : 'whitespace-nowrap'}>{title}</span>
      </button>
    </li>
  )
}
