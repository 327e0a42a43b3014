import { useMemo } from 'react'
import { cx } from '../../ui/cx.ts'
import { useSelected } from '../../ui/store.ts'
import type { Notebook } from './Notebook.ts'
import { steadyOutline } from './outline.ts'

export function Outline({ notebook, onJump }: { notebook: Notebook; onJump: (cellId: string) => void }) {
  const outline = useMemo(steadyOutline, [])
  const entries = useSelected(notebook.view, (view) => outline(view.notebook))
  const active = useSelected(notebook.selection.state, (selection) => selection.active)
  if (!entries.length)
    return <p className="panel-empty">Headings of Markdown cells and the names that cells define appear here.</p>
  return (
    <nav aria-label="Outline">
      <ul>
        {entries.map(({ cellId, title, level, kind }) => (
          <li key={`${cellId}:${title}`}>
            <button
              type="button"
              onClick={() => onJump(cellId)}
              aria-current={cellId === active ? 'location' : undefined}
              className={cx(
                'panel-row',
                kind === 'names' ? 'font-mono text-[12px] text-muted' : level === 1 ? 'font-semibold' : '',
              )}
              style={{ paddingLeft: 8 + (level - 1) * 12 }}
            >
              <span className="truncate">{title}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}
