import type { Cell, RunCause } from '@rivulet/server/notebook/model'
import {
  Ban,
  Check,
  Circle,
  CircleSlash,
  Clock,
  LoaderCircle,
  Lock,
  type LucideIcon,
  OctagonX,
  Pencil,
  RefreshCw,
  Square,
} from 'lucide-react'
import { cx } from '../../ui/cx.ts'
import { formatDuration } from '../../ui/format.ts'
import { useSelected } from '../../ui/store.ts'
import { useDelayed } from '../../ui/useDelayed.ts'
import { useNow } from '../../ui/useNow.ts'
import { isDirty } from './drafts/draft.ts'
import { useHost, useOfDraft } from './host.ts'
import { positionOf } from './names.ts'
import { type Status, type StatusKind, statusOf } from './status.ts'

export const LOOKS: Record<StatusKind, { icon: LucideIcon; tone: string }> = {
  empty: { icon: Circle, tone: 'text-muted' },
  idle: { icon: Circle, tone: 'text-muted' },
  queued: { icon: Clock, tone: 'text-muted' },
  running: { icon: LoaderCircle, tone: 'text-accent' },
  ok: { icon: Check, tone: 'text-good' },
  failed: { icon: OctagonX, tone: 'text-bad' },
  blocked: { icon: Lock, tone: 'text-muted' },
  stale: { icon: RefreshCw, tone: 'text-warn' },
  edited: { icon: Pencil, tone: 'text-warn' },
  disabled: { icon: CircleSlash, tone: 'text-muted' },
  stopped: { icon: Square, tone: 'text-muted' },
  interrupted: { icon: Ban, tone: 'text-warn' },
}

const REASONS: Record<RunCause['kind'], (cell: string) => string> = {
  requested: () => 'Somebody ran it',
  upstream: (cell) => `Ran because ${cell} ran`,
  needed: (cell) => `Ran because ${cell} needed it`,
  healed: () => 'Ran because what kept it from running is gone',
  input: (cell) => `Ran because the input in ${cell} changed`,
  deleted: () => 'Ran because a cell it used was deleted',
  enabled: () => 'Ran because it was enabled',
  file: () => 'Ran because a file that it reads as a table came, went or was replaced',
}

/** Under this nothing is shown: a run that short is no event. */
export const CALM_MS = 150

export function useStatus(cell: Cell): Status {
  const unsent = useOfDraft(cell.id, isDirty)
  const busy = useDelayed(cell.status !== 'idle', CALM_MS)
  // A short run keeps the word it had: the cell is shown as if it were already done.
  return statusOf(busy || cell.disabled ? cell : { ...cell, status: 'idle', stale: cell.stale && cell.status === 'idle' }, unsent)
}

/** Why the cell ran, for who wonders. */
function useReason({ cause }: Cell): string | undefined {
  const { view } = useHost()
  const position = useSelected(view, ({ notebook }) => (cause?.cell ? positionOf(notebook, cause.cell) : 0))
  return cause && REASONS[cause.kind](position ? `cell ${position}` : 'another cell')
}

export function CellStatus({ cell, status }: { cell: Cell; status: Status }) {
  const { icon: Icon, tone } = LOOKS[status.kind]
  const reason = useReason(cell)
  if (status.kind === 'empty') return null
  return (
    <span
      className={cx('flex min-w-0 items-center gap-1.5 text-xs whitespace-nowrap', tone)}
      data-status={status.kind}
      data-tip={reason}
    >
      <Icon size={13} aria-hidden className={cx('shrink-0', status.kind === 'running' && 'spin')} />
      <span className="truncate tabular-nums">{status.kind === 'running' ? <Elapsed cell={cell} /> : status.text}</span>
      {status.culprit && <CulpritLink cellId={status.culprit} />}
    </span>
  )
}

function Elapsed({ cell }: { cell: Cell }) {
  const now = useNow(true, 100)
  const ms = cell.startedAt ? now - new Date(cell.startedAt).getTime() : 0
  const { progress } = cell
  return (
    <span className="inline-flex items-center gap-2">
      running{ms > 500 && ` ${formatDuration(Math.floor(ms / 100) * 100)}`}
      {progress && (
        <>
          <progress
            value={progress.done}
            max={progress.total}
            aria-label={progress.label ?? 'Progress'}
            className="cell-progress max-sm:hidden"
          />
          {progress.label ?? `${progress.done} / ${progress.total}`}
        </>
      )}
    </span>
  )
}

function CulpritLink({ cellId }: { cellId: string }) {
  const { view, actions } = useHost()
  const position = useSelected(view, ({ notebook }) => positionOf(notebook, cellId))
  return (
    <button type="button" className="link" onClick={() => actions.goTo(cellId)}>
      cell {position}
    </button>
  )
}
