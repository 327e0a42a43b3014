import { plural } from '../../../ui/format.ts'
import { toast } from '../../../ui/toast.ts'
import { type Copied, type Kept, keepCopied, MOST_BYTES, readCopied } from './copied.ts'

const REASONS: Record<Exclude<Kept, 'kept'>, string> = {
  'too-large': `they are larger than ${MOST_BYTES / 1_000_000} MB together`,
  'no-room': 'this browser has no room for them',
}

/** Whether they can be pasted now; if not, the person has been told why. */
export function keep(cells: readonly Copied[]): boolean {
  const kept = keepCopied(cells)
  if (kept === 'kept') return true
  void toast(`${plural(cells.length, 'cell')} not copied: ${REASONS[kept]}.`, { tone: 'bad' })
  return false
}

export function take(): Copied[] {
  const cells = readCopied()
  if (!cells.length) void toast('No cells have been copied.')
  return cells
}
