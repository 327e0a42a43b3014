import type { Cell } from '@rivulet/server/notebook/model'
import { X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { IconButton } from '../../../ui/Button.tsx'
import { useHost } from '../host.ts'

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/** Why other cells could not write it; the server has the last word. */
function unfit(name: string): string | undefined {
  if (name === '' || NAME.test(name)) return undefined
  return `“${name}” is no name that other cells could write: letters, digits and _ only, such as by_month.`
}

/** By what name other cells read the result. Enter or leaving keeps it, Escape takes it back, an empty name takes it away. */
export function ResultName({ cell, position }: { cell: Cell; position: number }) {
  const { actions, readOnly } = useHost()
  const [draft, setDraft] = useState<string>()
  const [refused, setRefused] = useState<string>()
  const cancelled = useRef(false)
  const id = useId()
  const now = cell.resultName ?? ''
  const value = draft ?? now

  const keep = async (name: string) => {
    const reason = name === now ? undefined : (unfit(name) ?? (await actions.configure(cell.id, { resultName: name || null })))
    setRefused(reason)
    // What was refused stays to be mended.
    if (reason === undefined) setDraft(undefined)
  }
  const leave = () => {
    if (draft !== undefined && !cancelled.current) void keep(draft.trim())
    cancelled.current = false
  }
  if (readOnly) {
    return now ? (
      <span>
        result as <code className="chip">{now}</code>
      </span>
    ) : null
  }
  return (
    <>
      <span className="inline-flex min-w-0 items-center gap-1">
        <label htmlFor={id}>result as</label>
        <input
          id={id}
          aria-label={`Name of the result of cell ${position}`}
          value={value}
          placeholder="no name"
          maxLength={200}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-invalid={refused !== undefined}
          aria-describedby={refused ? `${id}-refused` : undefined}
          onChange={(event) => {
            setDraft(event.target.value)
            setRefused(undefined)
          }}
          onBlur={leave}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.shiftKey) void keep(value.trim())
            if (event.key !== 'Escape') return
            cancelled.current = true
            setDraft(undefined)
            setRefused(undefined)
          }}
          className="sql-name"
          style={{ width: `${Math.min(28, Math.max(9, value.length + 3))}ch` }}
        />
        {now && draft === undefined && (
          <IconButton label={`Take away the name ${now}`} className="size-6!" onClick={() => void keep('')}>
            <X size={12} aria-hidden />
          </IconButton>
        )}
      </span>
      {refused && (
        <p id={`${id}-refused`} role="alert" className="sql-refused">
          {refused}
        </p>
      )}
    </>
  )
}
