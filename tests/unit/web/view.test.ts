import type { Change } from '@rivulet/server/notebook/events'
import type { Output } from '@rivulet/server/notebook/model'
import { describe, expect, it } from 'vitest'
import type { NotebookView } from '../../../web/src/features/cell/host.ts'
import { shownOutputs } from '../../../web/src/features/cell/outputs.ts'
import { foldEvent } from '../../../web/src/features/notebook/view.ts'
import { wireCell, wireNotebook } from '../../support/wire.ts'

const output: Output = { id: 'o1', kind: 'value', data: { 'text/plain': '1' } }
const notebook = wireNotebook(['a', 'b'].map((id) => wireCell(id, { outputs: [output] })))
const by = { userId: 'u', name: 'U', via: 'ui' } as const
const opened = foldEvent(undefined, { type: 'snapshot', notebook }) as NotebookView
const started = foldEvent(opened, {
  type: 'changes',
  rev: 2,
  at: '',
  by,
  changes: [{ type: 'run.started', cellId: 'a', runId: 'r' }],
}) as NotebookView

describe('what the page shows', () => {
  it('means nothing before the first snapshot', () => {
    expect(foldEvent(undefined, { type: 'changes', rev: 1, at: '', by, changes: [] })).toBeUndefined()
  })

  const after = (view: NotebookView, ...list: Change[]) =>
    foldEvent(view, { type: 'changes', rev: 3, at: '', by, changes: list }) as NotebookView
  const shownIn = ({ notebook, kept }: NotebookView) => shownOutputs(notebook.cells.get('a'), kept.get('a'))
  const appended: Change = { type: 'output.appended', cellId: 'a', runId: 'r', output: { ...output, id: 'o2' } }
  const finished = (kind: 'stopped' | 'interrupted'): Change => {
    return { type: 'run.finished', cellId: 'a', runId: 'r', result: { kind, durationMs: 1, finishedAt: '' } }
  }

  it('keeps the old outputs until new ones are in their places', () => {
    expect(started.notebook.cells.get('a')?.outputs).toEqual([])
    expect(shownIn(started)).toEqual({ outputs: [output], fresh: 0 })
    const two = { ...started, kept: new Map([['a', [output, { ...output, id: 'behind' }]]]) }
    const shown = shownIn(after(two, appended))
    expect(shown.fresh).toBe(1)
    expect(shown.outputs.map(({ id }) => id)).toEqual(['o2', 'behind'])
    expect(shownIn(after(two, appended, finished('stopped'))).outputs.map(({ id }) => id)).toEqual(['o2'])
  })

  it('keeps them also when a run is cut short, and through the runs that follow', () => {
    const cut = after(started, finished('interrupted'), { type: 'cell.set', cellId: 'a', patch: { status: 'queued' } })
    expect(shownIn(cut)).toEqual({ outputs: [output], fresh: 0 })
    const again = after(cut, { type: 'run.started', cellId: 'a', runId: 'r2' })
    expect(shownIn(again)).toEqual({ outputs: [output], fresh: 0 })
    expect(shownIn(after(again, finished('interrupted')))).toEqual({ outputs: [output], fresh: 0 })
    expect(shownIn(after(again, finished('stopped')))).toEqual({ outputs: [], fresh: 0 })
  })

  it('shows of a run that was stopped half-way what that run has said, before what it did not come to', () => {
    const two = { ...started, kept: new Map([['a', [output, { ...output, id: 'behind' }]]]) }
    const { outputs, fresh } = shownIn(after(two, appended, finished('interrupted')))
    expect([outputs.map(({ id }) => id), fresh]).toEqual([['o2', 'behind'], 1])
  })

  it('keeps them through a new snapshot while the run goes on', () => {
    const cells = [wireCell('a', { status: 'running', runId: 'r', outputs: [] }), wireCell('b')]
    const renewed = foldEvent(started, { type: 'snapshot', notebook: { ...notebook, cells } }) as NotebookView
    expect(shownIn(renewed)).toEqual({ outputs: [output], fresh: 0 })
    expect(renewed.kept.has('b')).toBe(false)
  })

  it('lets the old output go when the run ends without one', () => {
    const ended = foldEvent(started, {
      type: 'changes',
      rev: 3,
      at: '',
      by,
      changes: [{ type: 'run.finished', cellId: 'a', runId: 'r', result: { kind: 'ok', durationMs: 1, finishedAt: '' } }],
    })
    expect(ended?.kept.size).toBe(0)
  })

  it('leaves cells alone that nothing happened to', () => {
    expect(started.notebook.cells.get('b')).toBe(opened.notebook.cells.get('b'))
  })

  it('knows which texts have changed since they ran, and which cells are stale for another reason', () => {
    const changes = (...list: Change[]) => ({ type: 'changes' as const, rev: 9, at: '', by, changes: list })
    const edited = foldEvent(
      opened,
      changes(
        { type: 'cell.edited', cellId: 'a', version: 2, source: 'new' },
        { type: 'cell.set', cellId: 'b', patch: { stale: true } },
      ),
    )
    expect([...(edited?.edited ?? [])]).toEqual(['a'])
    const run = foldEvent(edited, changes({ type: 'run.started', cellId: 'a', runId: 'r' }))
    expect(run?.edited.size).toBe(0)
  })
})
