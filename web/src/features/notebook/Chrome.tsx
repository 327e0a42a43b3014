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

export function LateSidePanel({ context, store }: { context: CommandContext; store: NotebookStore }) {
  return (
    <Queries>
      <SidePanel notebook={context.notebook} store={store} />
    </Queries>
  )
}
