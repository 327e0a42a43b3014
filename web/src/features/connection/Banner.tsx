import { CloudOff } from 'lucide-react'
import { useStore } from '../../ui/store.ts'
import { useDelayed } from '../../ui/useDelayed.ts'
import type { Connection } from './connection.ts'

const CALM_MS = 2_000

/** Only after a while: a token's renewal or a blink of the network is nobody's business. */
export function OfflineBanner({ connection, unsent }: { connection: Connection; unsent: number }) {
  const shown = useDelayed(useStore(connection.state) === 'offline', CALM_MS)
  if (!shown) return null
  return (
    <div className="flex items-center justify-center gap-2 border-b border-line bg-warn-soft px-4 py-1.5 text-sm text-warn">
      <CloudOff size={15} aria-hidden className="shrink-0" />
      <span role="status">
        Not connected. Keep typing: {unsent > 0 ? 'your edits are kept in this browser and' : 'edits'} will be sent as soon as the
        server answers.
      </span>
    </div>
  )
}
