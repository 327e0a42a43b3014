import { ArrowRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { CredentialsForm } from './CredentialsForm.tsx'
import { session } from './session.ts'

export function SignIn({ expired, destination }: { expired: boolean; destination?: string }) {
  const [mode, setMode] = useState<'choice' | 'sign-in' | 'sign-up'>('choice')
  useEffect(() => {
    document.title = 'Sign in · Rivulet'
  }, [])
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-5 py-10">
      <div className="w-full max-w-sm">
        <Logo size={40} />
        <h1 className="mt-6 text-3xl font-semibold tracking-tight text-balance">Notebooks that follow every change</h1>
        <p className="mt-3 text-muted">
          {expired
            ? 'Your session has ended. Sign in again: what you had typed is kept in this browser.'
            : 'Change one cell and everything that depends on it updates, in every tab, for everyone who has it open.'}
        </p>
        <div className="mt-8">
          {mode === 'choice' ? <Guest destination={destination} /> : <CredentialsForm key={mode} mode={mode} />}
        </div>
        <Alternatives mode={mode} onChoose={setMode} />
      </div>
    </main>
  )
}

function Guest({ destination }: { destination?: string }) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const enter = async () => {
    setBusy(true)
    setProblem('')
    try {
      await session.continueAsGuest()
    } catch (error) {
      setProblem(error instanceof TypeError ? 'The server cannot be reached.' : (error as Error).message)
      setBusy(false)
    }
  }
  return (
    <>
      <Button variant="primary" size="large" className="w-full" disabled={busy} onClick={enter}>
        Continue as guest
        <ArrowRight size={18} aria-hidden />
      </Button>
      <p className="mt-2 text-sm text-muted">
        {destination
          ? `No account needed: ${destination} opens next.`
          : 'No account needed; you can save your work with one later.'}
      </p>
      <p role="alert" className="mt-2 text-sm text-bad empty:hidden">
        {problem}
      </p>
    </>
  )
}

interface AlternativesProps {
  mode: 'choice' | 'sign-in' | 'sign-up'
  onChoose: (mode: 'choice' | 'sign-in' | 'sign-up') => void
}

function Alternatives({ mode, onChoose }: AlternativesProps) {
  const choices = [
    { mode: 'choice', label: 'Continue as guest' },
    { mode: 'sign-in', label: 'Sign in with e-mail' },
    { mode: 'sign-up', label: 'Create an account' },
  ] as const
  return (
    <div className="mt-8 flex flex-wrap gap-x-5 gap-y-1 border-t border-line pt-5 text-sm">
      {choices
        .filter((choice) => choice.mode !== mode)
        .map((choice) => (
          <button
            key={choice.mode}
            type="button"
            className="rounded py-1 text-accent underline-offset-4 hover:underline"
            onClick={() => onChoose(choice.mode)}
          >
            {choice.label}
          </button>
        ))}
    </div>
  )
}
