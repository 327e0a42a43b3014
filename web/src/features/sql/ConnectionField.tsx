import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { useAttempt } from './useAttempt.ts'

interface Props {
  label: string
  /** What the button says. */
  action: string
  /** What is there now; absent for what is not shown. */
  now?: string
  secret?: boolean
  maxLength: number
  placeholder?: string
  onSave: (text: string) => Promise<unknown>
  onDone: () => void
}

/** One thing of a connection in place: Enter saves it, Escape leaves it, what is refused stays to be mended. */
export function ConnectionField({ label, action, now = '', secret = false, maxLength, placeholder, onSave, onDone }: Props) {
  const { attempt, refused, pending } = useAttempt()
  const [text, setText] = useState(now)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === now || (await attempt(() => onSave(text.trim())))) onDone()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="min-w-[12rem] flex-1" autoComplete="off">
      {/* Browsers look for the account that a secret belongs to: there is none. */}
      {secret && <input hidden readOnly autoComplete="username" value="" />}
      <div className="flex gap-1.5">
        <input
          ref={input}
          type={secret ? 'password' : 'text'}
          // Not a sign-in: a password manager has nothing to fill in or to keep here.
          autoComplete={secret ? 'new-password' : 'off'}
          spellCheck={false}
          aria-label={label}
          aria-invalid={refused !== undefined}
          value={text}
          maxLength={maxLength}
          placeholder={placeholder}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            // Ends this, not the dialog.
            event.preventDefault()
            onDone()
          }}
          className="field h-8!"
        />
        <Button type="submit" disabled={pending || !text.trim()}>
          {action}
        </Button>
      </div>
      {refused && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {refused}
        </p>
      )}
    </form>
  )
}
