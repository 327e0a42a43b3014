import type { Cell } from '@rivulet/server/notebook/model'
import { formatDuration } from '../../ui/format.ts'

export type StatusKind =
  | 'empty'
  | 'idle'
  | 'queued'
  | 'running'
  | 'ok'
  | 'failed'
  | 'blocked'
  | 'stale'
  | 'edited'
  | 'disabled'
  | 'stopped'
  | 'interrupted'

export interface Status {
  kind: StatusKind
  /** What the header shows and a screen reader says. */
  text: string
  /** The cell to blame, where there is one. */
  culprit?: string
}

const BLOCKED = { failed: 'waits for', cancelled: 'cancelled by', disabled: 'needs disabled' } as const

/** Errors that come from the code as it stands, not from a run of earlier code. */
const STATIC_ERRORS = new Set(['syntax', 'duplicate', 'cycle', 'external-assignment'])

const ERROR_WORDS: Record<string, string> = {
  syntax: 'syntax error',
  duplicate: 'defined twice',
  cycle: 'cycle',
  'external-assignment': 'not its variable',
  missing: 'missing name',
  database: 'database error',
  timeout: 'timed out',
  'kernel-died': 'kernel died',
  limit: 'limit reached',
}

function ofResult({ result }: Cell): Status {
  switch (result.kind) {
    case 'none':
      return { kind: 'idle', text: 'not run' }
    case 'ok':
      return { kind: 'ok', text: result.cached ? 'cached' : formatDuration(result.durationMs) }
    case 'stopped':
    case 'interrupted':
      return { kind: result.kind, text: result.kind }
    case 'blocked':
      return { kind: 'blocked', text: BLOCKED[result.because], culprit: result.culprit }
    case 'error': {
      const { error } = result
      return { kind: 'failed', text: error.kind === 'thrown' ? error.name : (ERROR_WORDS[error.kind] ?? 'failed') }
    }
  }
}

function isCurrent({ result }: Cell): boolean {
  return result.kind === 'blocked' || (result.kind === 'error' && STATIC_ERRORS.has(result.error.kind))
}

export function statusOf(cell: Cell, edited: boolean): Status {
  if (cell.disabled) return { kind: 'disabled', text: 'disabled' }
  if (cell.status !== 'idle') return { kind: cell.status, text: cell.status }
  if (edited) return { kind: 'edited', text: 'edited' }
  if (isCurrent(cell)) return ofResult(cell)
  // Code that did not parse for a moment has no result any more, but shows what it showed.
  if (cell.stale && (cell.result.kind !== 'none' || cell.outputs.length > 0)) return { kind: 'stale', text: 'stale' }
  if (!cell.source.trim()) return { kind: 'empty', text: '' }
  return ofResult(cell)
}
