import type { Problem } from '@rivulet/server/notebook/problems'
import { useEffect, useRef } from 'react'
import { useNotebooks } from '../features/home/useNotebooks.ts'
import { Queries } from '../queries.tsx'
import { Button } from '../ui/Button.tsx'
import { HomeLink, Message } from './Message.tsx'

interface Props {
  id: string
  message: string
  problem?: Problem | undefined
  onRetry: () => void
}

/** Why a notebook is not shown. */
export default function Refusal({ id, message, problem, onRetry }: Props) {
  return problem?.kind === 'not-found' ? <NotFound id={id} onBack={onRetry} /> : <Refused message={message} onRetry={onRetry} />
}

/** One that never was, one in the bin and somebody else's look the same from here. */
function NotFound({ id, onBack }: { id: string; onBack: () => void }) {
  return (
    <Message title="Notebook not found" text="It may be in the bin, belong to somebody else, or never have been there.">
      <HomeLink />
      <Queries>
        <Return id={id} onBack={onBack} />
      </Queries>
    </Message>
  )
}

/** Somebody took it out of the bin. Only what has been away comes back: a list may be older than the refusal. */
function Return({ id, onBack }: { id: string; onBack: () => void }) {
  const isListed = useNotebooks().data?.some((notebook) => notebook.id === id)
  const wasAway = useRef(false)
  useEffect(() => {
    if (isListed === false) wasAway.current = true
    else if (isListed && wasAway.current) onBack()
  }, [isListed, onBack])
  return null
}

function Refused({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <Message title="This notebook cannot be opened" text={message}>
      <Button variant="primary" onClick={onRetry}>
        Try again
      </Button>
      <HomeLink />
    </Message>
  )
}
