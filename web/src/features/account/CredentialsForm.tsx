import { type FormEvent, useId, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { session } from './session.ts'

interface Props {
  /** `upgrade`: a guest makes an account of the notebooks they have. */
  mode: 'sign-in' | 'sign-up' | 'upgrade'
  onDone?: () => void
}

const LABELS = { 'sign-in': 'Sign in', 'sign-up': 'Create account', upgrade: 'Save my work' }

function text(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim()
}

async function submit(mode: Props['mode'], form: FormData): Promise<void> {
  const email = text(form, 'email')
  const password = String(form.get('password') ?? '')
  if (mode === 'sign-in') await session.signIn(email, password)
  else await session.signUp(text(form, 'name') || (email.split('@')[0] ?? email), email, password)
}

export function CredentialsForm({ mode, onDone }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const id = useId()

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setBusy(true)
    setProblem('')
    try {
      await submit(mode, new FormData(event.currentTarget))
      onDone?.()
    } catch (error) {
      setProblem(error instanceof TypeError ? 'The server cannot be reached.' : (error as Error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      {mode !== 'sign-in' && <Field id={`${id}-name`} name="name" label="Name" autoComplete="name" />}
      <Field id={`${id}-email`} name="email" label="E-mail" type="email" autoComplete="email" required />
      <Field
        id={`${id}-password`}
        name="password"
        label="Password"
        type="password"
        minLength={8}
        autoComplete={mode === 'sign-in' ? 'current-password' : 'new-password'}
        required
      />
      <p role="alert" className="min-h-5 text-sm text-bad empty:hidden">
        {problem}
      </p>
      <Button type="submit" variant={mode === 'upgrade' ? 'primary' : 'plain'} size="large" disabled={busy}>
        {LABELS[mode]}
      </Button>
    </form>
  )
}

interface FieldProps extends React.InputHTMLAttributes<HTMLInputElement> {
  id: string
  label: string
}

function Field({ id, label, ...input }: FieldProps) {
  return (
    <label htmlFor={id} className="flex flex-col gap-1 text-sm font-medium">
      {label}
      <input id={id} className="field font-normal" {...input} />
    </label>
  )
}
