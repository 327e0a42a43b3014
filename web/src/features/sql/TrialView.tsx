import { CircleCheck, CircleX } from 'lucide-react'
import type { Trial } from './connections.ts'

/** What came of trying a connection out. */
export function TrialView({ trial }: { trial: Trial | undefined }) {
  return (
    <div role="status" className="text-sm">
      {trial && <Answer trial={trial} />}
    </div>
  )
}

function Answer({ trial }: { trial: Trial }) {
  if (!trial.ok) {
    return (
      <p className="mt-2 flex items-start gap-1.5 text-bad">
        <CircleX size={15} aria-hidden className="mt-0.5 shrink-0" /> {trial.message}
      </p>
    )
  }
  const facts = [
    `PostgreSQL ${trial.version}`,
    trial.encrypted ? (trial.verified ? 'encrypted, server verified' : 'encrypted, server not verified') : 'not encrypted',
    trial.readOnly ? 'reads only' : 'may write',
  ]
  return (
    <div className="mt-2">
      <p className="flex items-start gap-1.5 text-good">
        <CircleCheck size={15} aria-hidden className="mt-0.5 shrink-0" /> It works: {facts.join(' · ')}
      </p>
      {trial.warnings.map((warning) => (
        <p key={warning} className="mt-1 text-warn">
          {warning}
        </p>
      ))}
    </div>
  )
}
