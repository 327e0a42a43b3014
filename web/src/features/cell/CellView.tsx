import type { Cell } from '@rivulet/server/notebook/model'
import { Play, Square } from 'lucide-react'
import { type FocusEvent, lazy, memo, Suspense, useEffect, useRef } from 'react'
import { IconButton } from '../../ui/Button.tsx'
import { cx } from '../../ui/cx.ts'
import { useSelected } from '../../ui/store.ts'
import { CellCode } from './CellCode.tsx'
import { CellMenu } from './CellMenu.tsx'
import { CellNames } from './CellNames.tsx'
import { CellOutput } from './CellOutput.tsx'
import { CellPeople } from './CellPeople.tsx'
import { CellStatus, useStatus } from './CellStatus.tsx'
import { isDirty } from './drafts/draft.ts'
import { prepareDragging, useDraggable } from './drag.ts'
import { FoldedCode } from './FoldedCode.tsx'
import { claimFocus } from './focus.ts'
import { useCell, useHost, useOfDraft, useOutputs } from './host.ts'
import { InsertBar } from './InsertBar.tsx'
import { LANGUAGE_NAMES } from './languageNames.ts'
import { positionOf } from './names.ts'

const SqlBar = lazy(() => import('./sql/SqlBar.tsx'))

interface Props {
  cellId: string
  total: number
}

export const CellView = memo(function CellView({ cellId, total }: Props) {
  const cell = useCell(cellId)
  return cell ? <PresentCell cell={cell} total={total} /> : null
})

function useFocus(cellId: string) {
  const { selection, actions } = useHost()
  const article = useRef<HTMLElement>(null)
  const active = useSelected(selection, (now) => now.active === cellId)
  const selected = useSelected(selection, (now) => now.selected.has(cellId))
  const noneActive = useSelected(selection, (now) => now.active === null)
  const editing = useSelected(selection, (now) => now.active === cellId && now.mode === 'edit')
  const request = useSelected(selection, (now) => (now.request?.cellId === cellId ? now.request : undefined))

  useEffect(() => {
    if (request?.into === 'cell' && claimFocus(request.turn)) article.current?.focus()
  }, [request])

  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const inEditor = event.target instanceof Element && event.target.closest('.cell-code') !== null
    actions.entered(cellId, inEditor ? 'edit' : 'command')
  }
  return {
    article,
    active,
    noneActive,
    selected,
    editing,
    onFocus,
    editorRequest: request?.into === 'editor' ? request : undefined,
  }
}

function PresentCell({ cell, total }: { cell: Cell; total: number }) {
  const { view, actions } = useHost()
  const position = useSelected(view, ({ notebook }) => positionOf(notebook, cell.id))
  const before = useSelected(view, ({ notebook }) => notebook.order[position - 2] ?? null)
  const { article, active, noneActive, selected, editing, onFocus, editorRequest } = useFocus(cell.id)
  const status = useStatus(cell)
  const prose = useIsProse(cell, editing)
  const { handle, dragging, edge } = useDraggable(article, cell.id)
  const language = LANGUAGE_NAMES[cell.language]

  return (
    <article
      ref={article}
      id={`cell-${cell.id}`}
      tabIndex={active || (noneActive && position === 1) ? 0 : -1}
      aria-posinset={position}
      aria-setsize={total}
      aria-label={`Cell ${position} of ${total}, ${language.name}${status.text && `, ${status.text}`}`}
      data-selected={selected || undefined}
      className={cx('cell', prose && 'cell-prose', dragging && 'opacity-50', edge && `cell-drop-${edge}`)}
      onFocus={onFocus}
      onDoubleClick={() => prose && actions.goTo(cell.id, 'editor')}
    >
      <InsertBar after={before} />
      <div className="cell-card" data-kind={status.kind}>
        <header className="cell-header">
          <button
            ref={handle}
            type="button"
            tabIndex={-1}
            onPointerEnter={prepareDragging}
            className="cell-number"
            data-tip="Drag to move"
            aria-hidden
          >
            {position}
          </button>
          <span className="cell-language">{language.short}</span>
          {!prose && <CellStatus cell={cell} status={status} />}
          <span className="flex-1" />
          <CellPeople cellId={cell.id} />
          <div className="cell-tools">
            <RunButton cell={cell} position={position} />
            <CellMenu cell={cell} position={position} />
          </div>
        </header>
        {cell.language === 'sql' && (
          <Suspense fallback={<div style={{ minHeight: 32 }} />}>
            <SqlBar cell={cell} position={position} />
          </Suspense>
        )}
        {!prose && cell.hidden && <FoldedCode cell={cell} />}
        {!prose && !cell.hidden && <CellCode cell={cell} position={position} request={editorRequest} />}
        {!prose && !cell.hidden && cell.language !== 'markdown' && <CellNames cell={cell} />}
        <CellOutput cell={cell} position={position} />
      </div>
    </article>
  )
}

/** Markdown shows only its result, as long as that is the result of its text: what somebody wrote is never out of sight. */
function useIsProse(cell: Cell, editing: boolean): boolean {
  const edited = useSelected(useHost().view, (view) => view.edited.has(cell.id))
  const unsent = useOfDraft(cell.id, isDirty)
  const { outputs } = useOutputs(cell.id)
  return cell.language === 'markdown' && !editing && !edited && !unsent && outputs.length > 0 && cell.result.kind !== 'error'
}

function RunButton({ cell, position }: { cell: Cell; position: number }) {
  const { actions, readOnly } = useHost()
  if (cell.status === 'running') {
    return (
      <IconButton label={`Stop cell ${position}`} onClick={actions.interrupt}>
        <Square size={13} aria-hidden />
      </IconButton>
    )
  }
  return (
    <IconButton
      label={`Run cell ${position}`}
      keys="Mod+Enter"
      disabled={cell.disabled || readOnly}
      onClick={() => actions.run(cell.id)}
    >
      <Play size={14} aria-hidden />
    </IconButton>
  )
}
