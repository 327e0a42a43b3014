import { GitMerge } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import type { Draft } from './drafts/draft.ts'
import { useHost } from './host.ts'

/** Two people changed the same lines: nothing is sent until this person has chosen. */
export function ConflictNotice({ cellId, draft }: { cellId: string; draft: Draft }) {
  const { drafts } = useHost()
  return (
    <section aria-label="Conflicting edits" className="border-t border-line bg-warn-soft px-4 py-3 text-sm">
      <p className="flex items-center gap-2 font-medium text-warn">
        <GitMerge size={15} aria-hidden /> Someone else changed the same lines
      </p>
      <p className="mt-1 text-muted">Your text is above and safe in this browser. This is theirs:</p>
      <pre className="my-2 max-h-48 overflow-auto rounded-lg border border-line bg-surface p-3 font-mono text-[13px]">
        {draft.conflict?.source}
      </pre>
      <div className="flex flex-wrap gap-2">
        <Button size="small" variant="primary" onClick={() => drafts.resolve(cellId, 'mine')}>
          Keep mine
        </Button>
        <Button size="small" onClick={() => drafts.resolve(cellId, 'theirs')}>
          Take theirs
        </Button>
      </div>
    </section>
  )
}
