import type { Problem } from '@rivulet/server/notebook/problems'
import { Button } from '../ui/Button.tsx'
import { HomeLink, Message } from './Message.tsx'

interface Props {
  message: string
  problem?: Problem | undefined
  onRetry: () => void
}

/** Why a notebook is not shown. */
export default function Refusal({ message, problem, onRetry }: Props) {
  return problem?.kind === 'not-found' ? <NotFound /> : <Refused message={message} onRetry={onRetry} />
}

/** One that never was, one in the bin and somebody else's look the same from here. */
function NotFound() {
  return (
    <Message title="Notebook not found" text="It may be in the bin, belong to somebody else, or never have been there.">
      <HomeLink />
    </Message>
  )
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
