import type { Cell } from '@rivulet/server/notebook/model'
import { useEffect, useRef } from 'react'
import { cx } from '../../ui/cx.ts'
import { ConflictNotice } from './ConflictNotice.tsx'
import { useEditor } from './editor/useEditor.ts'
import { claimFocus } from './focus.ts'
import { type FocusRequest, useHost, useOfDraft } from './host.ts'

interface Props {
  cell: Cell
  position: number
  /** Somebody asks for the cursor to be here. */
  request: FocusRequest | undefined
}

/** The code: plain text of the editor's own metrics until the editor is there. */
export function CellCode({ cell, position, request }: Props) {
  const host = useHost()
  const area = useRef<HTMLDivElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const { live, focus } = useEditor({ area, place }, cell, `Code of cell ${position}`)
  // The editor shows by itself what is typed into it.
  const plain = useOfDraft(cell.id, ({ text }) => (live ? undefined : text))
  const conflicting = useOfDraft(cell.id, (draft) => (draft.conflict ? draft : undefined))
  const focusNow = useRef(focus)
  focusNow.current = focus

  useEffect(() => {
    if (request && claimFocus(request.turn)) focusNow.current(request)
  }, [request])

  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click on the plain text is a click into the editor it stands for */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on the cell does the same */}
      <div
        ref={area}
        className={cx('cell-code', cell.disabled && 'opacity-60')}
        onClick={() => !live && focus()}
        onBlur={() => void host.drafts.flush(cell.id)}
        data-language={cell.language}
      >
        {!live && <pre className="cell-plain">{plain || '\u200b'}</pre>}
        <div ref={place} />
      </div>
      {conflicting && <ConflictNotice cellId={cell.id} draft={conflicting} />}
    </>
  )
}
