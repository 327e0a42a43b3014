import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { navigate } from 'wouter/use-browser-location'
import { useClients } from '../../trpc.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { remembered } from '../../ui/remembered.ts'
import { useSelected, useStore } from '../../ui/store.ts'
import type { Drafts } from '../cell/drafts/Drafts.ts'
import { CellHostProvider, type NotebookView } from '../cell/host.ts'
import { OfflineBanner } from '../connection/Banner.tsx'
import { RowsContext, SaveRowsContext } from '../output/rows.ts'
import { manageConnections } from '../sql/open.ts'
import { Announcer } from './Announcer.tsx'
import { CellList } from './CellList.tsx'
import { FileDrop } from './files/FileDrop.tsx'
import { FindBar } from './find/FindBar.tsx'
import { Notebook } from './Notebook.ts'
import type { NotebookStore } from './NotebookStore.ts'
import { Palette } from './Palette.tsx'
import { chooseTab, type Tab } from './panel/tabs.ts'
import { StatusBar } from './StatusBar.tsx'
import type { CommandContext } from './shortcuts.ts'
import { useKeyboard } from './useKeyboard.ts'

// The bars come a moment after the cells.
const loadChrome = () => import('./Chrome.tsx')
const TopBar = lazy(() => loadChrome().then((chrome) => ({ default: chrome.TopBar })))
const SidePanel = lazy(() => loadChrome().then((chrome) => ({ default: chrome.SidePanel })))
const HelpSheet = lazy(() => import('./HelpSheet.tsx'))
const KernelDialog = lazy(() => import('./kernel/KernelDialog.tsx'))

const PANEL_KEY = 'rivulet:panel'
const WIDE = window.matchMedia('(min-width: 1024px)')

type Overlay = 'palette' | 'help' | 'panel' | 'kernel'

/** The view of a store that is open, and stays so while the page is shown. */
function viewOf(store: NotebookStore) {
  let last: NotebookView | undefined
  return {
    subscribe: store.phase.subscribe,
    get: (): NotebookView => {
      const phase = store.phase.get()
      if (phase.status === 'open') last = phase.view
      if (!last) throw new Error('The notebook is not open')
      return last
    },
  }
}

export function NotebookPage({ store, drafts }: { store: NotebookStore; drafts: Drafts }) {
  const { api, connection } = useClients()
  const notebook = useMemo(() => {
    const { whereabouts, clientId } = store
    return new Notebook({ api, view: viewOf(store), drafts, whereabouts, clientId })
  }, [api, store, drafts])
  const [overlay, setOverlay] = useState<Overlay>()
  const [panelShown, setPanelShown] = useState(remembered.get(PANEL_KEY) !== 'hidden')
  const [findTurn, setFindTurn] = useState<number>()
  const close = () => setOverlay(undefined)

  const context = useMemo<CommandContext>(() => {
    const togglePanel = () => {
      if (!WIDE.matches) return setOverlay('panel')
      setPanelShown((shown) => {
        remembered.set(PANEL_KEY, shown ? 'hidden' : 'shown')
        return !shown
      })
    }
    const showPanel = (tab: Tab) => {
      chooseTab(tab)
      if (!WIDE.matches) return setOverlay('panel')
      remembered.set(PANEL_KEY, 'shown')
      setPanelShown(true)
    }
    const page = {
      openPalette: () => setOverlay('palette'),
      openHelp: () => setOverlay('help'),
      openKernel: () => setOverlay('kernel'),
      openConnections: manageConnections,
      openFind: () => setFindTurn((turn) => (turn ?? 0) + 1),
      togglePanel,
      showPanel,
      openHome: () => navigate('/'),
    }
    return { notebook, page }
  }, [notebook])
  useKeyboard(context)
  useTitle(notebook)

  const role = useSelected(notebook.view, (view) => view.notebook.role)
  const host = useMemo(() => notebook.host(), [notebook, role])
  const unsent = useStore(drafts.unsent)

  return (
    <CellHostProvider value={host}>
      <div className="notebook-page">
        <a href="#cells" className="skip-link">
          Skip to the cells
        </a>
        <div className="sticky top-0 z-30">
          <Suspense fallback={<div className="h-13 border-b border-line bg-surface" />}>
            <TopBar context={context} />
          </Suspense>
          <OfflineBanner connection={connection} unsent={unsent} />
          {findTurn !== undefined && (
            <FindBar notebook={notebook} turn={findTurn} readOnly={host.readOnly} onClose={() => setFindTurn(undefined)} />
          )}
        </div>
        <div className="notebook-body">
          {panelShown && (
            <aside aria-label="Side panel" className="notebook-panel">
              <Suspense fallback={null}>
                <SidePanel notebook={notebook} store={store} />
              </Suspense>
            </aside>
          )}
          <main id="cells" className="notebook-main">
            <RowsContext value={notebook.rows.load}>
              <SaveRowsContext value={notebook.rows.save}>
                <CellList notebook={notebook} />
              </SaveRowsContext>
            </RowsContext>
          </main>
        </div>
        <div className="sticky bottom-0 z-20">
          <StatusBar context={context} />
        </div>
      </div>
      <Announcer store={store} notebook={notebook} />
      <FileDrop uploads={notebook.uploads} readOnly={host.readOnly} />
      {overlay === 'palette' && <Palette context={context} onClose={close} />}
      <Suspense fallback={null}>
        {overlay === 'help' && <HelpSheet onClose={close} />}
        {overlay === 'kernel' && <KernelDialog notebook={notebook} onClose={close} />}
      </Suspense>
      {overlay === 'panel' && (
        <Dialog title="Side panel" look="drawer" onClose={close}>
          <Suspense fallback={null}>
            <SidePanel notebook={notebook} store={store} onLeave={close} />
          </Suspense>
        </Dialog>
      )}
    </CellHostProvider>
  )
}

function useTitle(notebook: Notebook): void {
  const title = useSelected(notebook.view, (view) => view.notebook.title)
  useEffect(() => {
    document.title = `${title} · Rivulet`
  }, [title])
}
