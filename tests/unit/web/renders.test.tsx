// @vitest-environment happy-dom
/// <reference types="vite/client" />
import type { Change } from '@rivulet/server/notebook/events'
import { createTRPCClient, httpLink } from '@trpc/client'
import { act, Profiler } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CellView } from '../../../web/src/features/cell/CellView.tsx'
import { Drafts } from '../../../web/src/features/cell/drafts/Drafts.ts'
import { DraftStorage } from '../../../web/src/features/cell/drafts/draftStorage.ts'
import { CellHostProvider, type NotebookView } from '../../../web/src/features/cell/host.ts'
import { Notebook } from '../../../web/src/features/notebook/Notebook.ts'
import { Outline } from '../../../web/src/features/notebook/Outline.tsx'
import { foldEvent } from '../../../web/src/features/notebook/view.ts'
import { Whereabouts } from '../../../web/src/features/notebook/Whereabouts.ts'
import { Store } from '../../../web/src/ui/store.ts'
import { wireCell, wireNotebook } from '../../support/wire.ts'

const CELLS = 30
const by = { userId: 'u', name: 'U', via: 'ui' } as const

const cellOf = (n: number) => wireCell(`c${n}`, { source: `const x${n} = 1`, defines: [`x${n}`], uses: n ? [`x${n - 1}`] : [] })

const wire = wireNotebook(Array.from({ length: CELLS }, (_, n) => cellOf(n)))

/** An open notebook that no server is asked about. */
function opened() {
  const view = new Store(foldEvent(undefined, { type: 'snapshot', notebook: wire }) as NotebookView)
  const drafts = new Drafts({
    storage: new DraftStorage('n1'),
    send: () => new Promise(() => undefined),
    onOrphan: () => undefined,
  })
  drafts.receiveAll(view.get().notebook.cells, true)
  const whereabouts = new Whereabouts({
    clientId: 'me',
    send: async () => undefined,
    draftsNow: () => drafts,
    isLive: () => false,
  })
  const api: ConstructorParameters<typeof Notebook>[0]['api'] = createTRPCClient({
    links: [httpLink({ url: 'http://127.0.0.1:9/trpc' })],
  })
  const notebook = new Notebook({ api, view, drafts, whereabouts, clientId: 'me' })
  let rev = 1
  const hear = (...changes: Change[]) =>
    act(() => {
      rev += 1
      view.set(foldEvent(view.get(), { type: 'changes', rev, at: '', by, changes }) as NotebookView)
      for (const change of changes) if (change.type === 'cell.edited') drafts.follow(change)
    })
  return { notebook, drafts, hear }
}

/** What has rendered since it was last asked, and how often. */
class Renders {
  private counts: Record<string, number> = {}
  readonly note = (id: string): void => {
    this.counts[id] = (this.counts[id] ?? 0) + 1
  }

  taken(): Record<string, number> {
    const { counts } = this
    this.counts = {}
    return counts
  }
}

function onPage() {
  const { notebook, drafts, hear } = opened()
  const renders = new Renders()
  const root = createRoot(document.body.appendChild(document.createElement('div')))
  act(() =>
    root.render(
      <CellHostProvider value={notebook.host()}>
        <Profiler id="outline" onRender={renders.note}>
          <Outline notebook={notebook} onJump={() => undefined} />
        </Profiler>
        {wire.cells.map(({ id }) => (
          <Profiler key={id} id={id} onRender={renders.note}>
            <CellView cellId={id} total={CELLS} />
          </Profiler>
        ))}
      </CellHostProvider>,
    ),
  )
  expect(Object.keys(renders.taken())).toHaveLength(CELLS + 1)
  return { notebook, drafts, hear, renders }
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  // Nothing is near a screen here, so no editor is made.
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
})

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

describe('what renders again', () => {
  it('a text that changes renders its own cell, and no outline that says the same', () => {
    const { hear, renders } = onPage()
    hear({ type: 'cell.edited', cellId: 'c5', version: 2, source: 'const x5 = 2' })
    expect(Object.keys(renders.taken())).toEqual(['c5'])
  })

  it('a key renders its own cell', () => {
    const { drafts, renders } = onPage()
    act(() => drafts.type('c5', 'const x5 = 12'))
    expect(Object.keys(renders.taken())).toEqual(['c5'])
  })

  it('a further key renders nothing around the code', () => {
    const { drafts, hear, renders } = onPage()
    hear({ type: 'cell.set', cellId: 'c5', patch: { hidden: true } })
    act(() => drafts.type('c5', 'const x5 = 12'))
    renders.taken()
    act(() => drafts.type('c5', 'const x5 = 123'))
    expect(renders.taken()).toEqual({})
  })

  it('a run renders the cells it is about', () => {
    const { hear, renders } = onPage()
    hear({ type: 'run.started', cellId: 'c7', runId: 'r' })
    hear({ type: 'run.finished', cellId: 'c7', runId: 'r', result: { kind: 'ok', durationMs: 1, finishedAt: '' } })
    expect(Object.keys(renders.taken())).toEqual(['c7'])
  })

  it('another cell with the focus renders the two and the outline', () => {
    const { notebook, renders } = onPage()
    act(() => notebook.selection.entered('c2', 'command'))
    renders.taken()
    act(() => notebook.selection.entered('c3', 'command'))
    expect(Object.keys(renders.taken()).sort()).toEqual(['c2', 'c3', 'outline'])
  })

  it('a name that changes renders the outline, too', () => {
    const { hear, renders } = onPage()
    hear({ type: 'cell.set', cellId: 'c9', patch: { defines: ['y9'] } })
    expect(Object.keys(renders.taken()).sort()).toEqual(['c10', 'c9', 'outline'])
    expect(document.querySelector('nav')?.textContent).toContain('y9')
  })
})
