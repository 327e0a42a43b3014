import type { Cell } from '@rivulet/server/notebook/model'
import { shownName, tableOf } from '@rivulet/server/notebook/tables'
import { useEffect, useState } from 'react'
import { useSelected } from '../../ui/store.ts'
import { useHost } from './host.ts'
import { definerOf, positionOf } from './names.ts'

const FEW = 8

/** What the cell takes from others and gives to them. */
export function CellNames({ cell }: { cell: Cell }) {
  const { view } = useHost()
  const uses = useSelected(view, ({ notebook }) => cell.uses.filter((name) => definerOf(notebook, name)).join(' '))
  const used = uses ? uses.split(' ') : []
  if (!used.length && !cell.defines.length) return null
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pb-2.5 text-xs text-muted">
      {used.length > 0 && (
        <span className="flex flex-wrap items-center gap-1.5">
          uses
          {used.slice(0, FEW).map((name) => (
            <UsedName key={name} name={name} />
          ))}
          <More count={used.length - FEW} />
        </span>
      )}
      {cell.defines.length > 0 && (
        <span className="flex flex-wrap items-center gap-1.5">
          defines
          {cell.defines.slice(0, FEW).map((name) => (
            <code key={name} className="chip">
              {shownName(name)}
            </code>
          ))}
          <More count={cell.defines.length - FEW} />
        </span>
      )}
    </div>
  )
}

function More({ count }: { count: number }) {
  return count > 0 ? <span>and {count} more</span> : null
}

/** While a name is pointed at, the cell it comes from is marked. */
function useMarked(cellId: string | undefined): void {
  useEffect(() => {
    const cell = cellId && document.getElementById(`cell-${cellId}`)
    if (!cell) return
    cell.dataset.origin = ''
    return () => {
      delete cell.dataset.origin
    }
  }, [cellId])
}

function UsedName({ name }: { name: string }) {
  const { view, actions } = useHost()
  const definer = useSelected(view, ({ notebook }) => definerOf(notebook, name))
  const position = useSelected(view, ({ notebook }) => (definer ? positionOf(notebook, definer) : 0))
  const [pointed, setPointed] = useState(false)
  useMarked(pointed ? definer : undefined)
  if (!definer) return null
  return (
    <button
      type="button"
      className="chip chip-link"
      data-tip={`${tableOf(name) ? 'a table ' : ''}from cell ${position}`}
      onClick={() => actions.goTo(definer)}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setPointed(true)}
      onBlur={() => setPointed(false)}
    >
      {shownName(name)}
    </button>
  )
}
