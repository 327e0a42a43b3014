import { cx } from '../../ui/cx.ts'
import { useStore } from '../../ui/store.ts'
import type { Connection, ConnectionState } from './connection.ts'

const LOOKS: Record<ConnectionState, { word: string; dot: string }> = {
  connecting: { word: 'connecting', dot: 'border border-muted' },
  live: { word: 'live', dot: 'bg-good' },
  offline: { word: 'offline', dot: 'border-2 border-warn' },
}

export function ConnectionBadge({ connection }: { connection: Connection }) {
  const state = useStore(connection.state)
  const { word, dot } = LOOKS[state]
  return (
    <span className="flex items-center gap-1.5 text-xs whitespace-nowrap text-muted" data-connection={state}>
      <span className={cx('size-2 rounded-full', dot)} aria-hidden />
      <span className={cx(state === 'live' && 'max-sm:sr-only')}>{word}</span>
    </span>
  )
}
