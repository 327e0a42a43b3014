import type { Cell } from '@rivulet/server/notebook/model'
import { memo } from 'react'
import { plural } from '../../../ui/format.ts'
import { useSelected } from '../../../ui/store.ts'
import { LOOKS, useStatus } from '../../cell/CellStatus.tsx'
import { useCell } from '../../cell/host.ts'
import type { StatusKind } from '../../cell/status.ts'
import type { Notebook } from '../Notebook.ts'
import { NODE_HEIGHT, type PlacedNode } from './plan.ts'
import { labelOf } from './shape.ts'

export type Part = 'self' | 'up' | 'down' | 'off'

interface Props {
  notebook: Notebook
  node: PlacedNode
  /** What it is to the cell that is traced; absent while none is. */
  part: Part | undefined
  /** Reached by Tab; the others by arrow keys. */
  reachable: boolean
  active: boolean
  onTrace: (cellId: string | undefined) => void
  onJump: (cellId: string) => void
}

/** Where the short text of a cell's own bar would not do. */
const WORDS: Partial<Record<StatusKind, string>> = { ok: 'up to date', blocked: 'blocked', empty: 'empty' }

export const GraphNode = memo(function GraphNode(props: Props) {
  const cell = useCell(props.node.id)
  return cell ? <Node {...props} cell={cell} /> : null
})

function Node({ notebook, node, part, reachable, active, onTrace, onJump, cell }: Props & { cell: Cell }) {
  const label = useSelected(notebook.view, (view) => labelOf(view.notebook, node.id))
  const { kind, text } = useStatus(cell)
  const { icon: Icon, tone } = LOOKS[kind]
  const more = cell.defines.length > 1 ? ` and ${plural(cell.defines.length - 1, 'other name')}` : ''
  const state = WORDS[kind] ?? text
  return (
    <button
      type="button"
      data-cell={node.id}
      data-state={kind}
      data-part={part}
      data-tip={`Cell ${label}${more} · ${state}`}
      aria-label={`${label}${more}, ${state}`}
      aria-current={active ? 'location' : undefined}
      tabIndex={reachable ? 0 : -1}
      onClick={() => onJump(node.id)}
      onPointerEnter={() => onTrace(node.id)}
      onPointerLeave={() => onTrace(undefined)}
      onFocus={() => onTrace(node.id)}
      onBlur={() => onTrace(undefined)}
      className="graph-node"
      style={{ left: node.x, top: node.y, width: node.width, height: NODE_HEIGHT }}
    >
      <Icon size={13} aria-hidden className={`shrink-0 ${tone}`} />
      <span className="truncate">{label}</span>
    </button>
  )
}
