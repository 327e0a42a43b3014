import { useEffect, useRef, useState } from 'react'
import { cx } from './cx.ts'

interface Props {
  value: string
  label: string
  maxLength: number
  onCommit: (value: string) => void
  className?: string
  readOnly?: boolean
}

/** Text that is edited where it stands: Enter or leaving keeps it, Escape takes it back. */
export function EditableText({ value, label, maxLength, onCommit, className, readOnly }: Props) {
  const [draft, setDraft] = useState<string | null>(null)
  const ref = useRef<HTMLInputElement>(null)
  const cancelled = useRef(false)

  useEffect(() => {
    const input = ref.current
    if (input) input.style.width = `${Math.max(8, (draft ?? value).length + 2)}ch`
  }, [draft, value])

  const finish = () => {
    const text = draft?.trim()
    if (!cancelled.current && text && text !== value) onCommit(text)
    cancelled.current = false
    setDraft(null)
  }
  return (
    <input
      ref={ref}
      aria-label={label}
      value={draft ?? value}
      maxLength={maxLength}
      readOnly={readOnly}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Escape') cancelled.current = true
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
      }}
      className={cx(
        'max-w-full min-w-0 truncate rounded-md border border-transparent bg-transparent px-1.5 py-0.5 hover:border-line focus:bg-surface',
        className,
      )}
    />
  )
}
