import type { Change } from '@rivulet/server/notebook/events'
import type { Output } from '@rivulet/server/notebook/model'
import { describe, expect, it } from 'vitest'
import type { NotebookView } from '../../../web/src/features/cell/host.ts'
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
    const turned = foldEvent(run, changes({ type: 'cell.set', cellId: 'b', patch: { language: 'markdown' } }))
    expect([...(turned?.edited ?? [])]).toEqual(['b'])
  })
})
