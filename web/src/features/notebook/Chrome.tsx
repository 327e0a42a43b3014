import { Queries } from '../../queries.tsx'
import type { NotebookStore } from './NotebookStore.ts'
import { SidePanel } from './SidePanel.tsx'
import type { CommandContext } from './shortcuts.ts'
import { TopBar } from './TopBar.tsx'

/** The bar above the cells. Together with the panel it comes a moment after the cells: it needs the cached queries. */
export function LateTopBar({ context }: { context: CommandContext }) {
  return (
    <Queries>
      <TopBar context={context} />
    </Queries>
  )
}

interface PanelProps {
  context: CommandContext
  store: NotebookStore
  onLeave?: () => void
}

export function LateSidePanel({ context, store, onLeave }: PanelProps) {
  return (
    <Queries>
      <SidePanel notebook={context.notebook} store={store} onLeave={onLeave} />
    </Queries>
  )
}
