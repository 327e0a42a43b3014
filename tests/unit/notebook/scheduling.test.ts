import { describe, expect, test } from 'vitest'
import { World } from '../../support/world.ts'

describe('scheduling', () => {
  test('[S1] a run takes stale ancestors first, then descendants, and nothing else', () => {
    const world = World.of(['a =', 'b = a', 'c = b', 'sibling = a', 'other ='])
    world.run(2)
    expect(world.settle()).toEqual([1, 2, 3])
    world.run(3)
    expect(world.settle()).toEqual([3])
    expect(world.cell(4)).toMatchObject({ stale: true, result: { kind: 'none' } })
  })

  test('[S2] editing marks downstream stale and runs nothing', () => {
    const world = World.of(['a =', 'b = a', 'c ='])
    world.do({ kind: 'run-all' })
    world.settle()
    world.type(1, 'a = c')
    expect([1, 2, 3].map((n) => world.cell(n).stale)).toEqual([true, true, false])
    expect(world.settle()).toEqual([])
  })

  test('[S2] lazy mode leaves descendants stale', () => {
    const world = World.of(['a =', 'b = a'], { mode: 'lazy' })
    world.do({ kind: 'run-all' })
    world.settle()
    world.run(1)
    expect(world.settle()).toEqual([1])
    expect(world.cell(2).stale).toBe(true)
    world.do({ kind: 'run-stale' })
    expect(world.settle()).toEqual([2])
  })

  test('[S3] a batch is one decision and one run', () => {
    const world = World.of(['a =', 'b = a'])
    const messages = world.messages.length
    world.do({
      kind: 'apply',
      run: true,
      edits: [
        {
          kind: 'edit',
          cellId: world.id(1),
          content: { source: 'a = c', analysis: { defines: ['a'], uses: ['c'], assigns: [], empty: false } },
        },
        {
          kind: 'insert',
          language: 'typescript',
          content: { source: 'c =', analysis: { defines: ['c'], uses: [], assigns: [], empty: false } },
          after: null,
        },
      ],
    })
    expect(world.messages.length - messages).toBe(1)
    expect(world.settle()).toEqual([1, 2, 3])
  })

  test('[S3] a cell comes with its settings in one message, and what reads from it is told', () => {
    const world = World.of(['b = a'])
    const messages = world.messages.length
    const content = { source: 'a =', analysis: { defines: ['a'], uses: [], assigns: [], empty: false } }
    const settings = { disabled: true, hidden: true, resultName: 'a', connectionId: 'c' }
    world.edit({ kind: 'insert', language: 'typescript', content, after: 'end', settings })
    expect(world.messages.length - messages).toBe(1)
    expect(world.cell(2)).toMatchObject({ ...settings, source: 'a =', status: 'idle' })
    expect(world.cell(1).result).toMatchObject({ kind: 'blocked', because: 'disabled', culprit: world.id(2) })
    world.edit({ kind: 'set', cellId: world.id(2), disabled: false })
    expect(world.settle()).toContain(2)
  })

  test('[S4] a refused batch leaves nothing behind', () => {
    const world = World.of(['a ='])
    const before = world.engine
    const decision = world.edit({ kind: 'delete', cellId: world.id(1) }, { kind: 'delete', cellId: 'nobody' })
    expect(decision).toEqual({ ok: false, problem: { kind: 'not-found', what: 'cell', id: 'nobody' } })
    expect(world.engine).toBe(before)
  })

  test('[S5] descendants of a stopped cell are cancelled, not in error', () => {
    const world = World.of(['a = stop', 'b = a'])
    world.do({ kind: 'run-all' })
    world.settle()
    expect(world.cell(1).result.kind).toBe('stopped')
    expect(world.cell(2).result).toEqual({ kind: 'blocked', because: 'cancelled', culprit: world.id(1) })
  })

  test('[S6] below a disabled cell nothing runs; enabling runs what became stale, once', () => {
    const world = World.of(['a =', 'b = a', 'c = b'])
    world.do({ kind: 'run-all' })
    world.settle()
    world.edit({ kind: 'set', cellId: world.id(1), disabled: true })
    expect(world.cell(3)).toMatchObject({ stale: true, result: { kind: 'blocked', because: 'disabled', culprit: world.id(1) } })
    world.do({ kind: 'run-all' })
    expect(world.settle()).toEqual([])
    world.edit({ kind: 'set', cellId: world.id(1), disabled: false })
    expect(world.settle()).toEqual([2, 3])
  })

  test('[S7] deleting a definer re-runs its users', () => {
    const world = World.of(['a =', 'b = a', 'c = b'])
    world.do({ kind: 'run-all' })
    world.settle()
    world.edit({ kind: 'delete', cellId: world.id(1) })
    expect(world.settle()).toEqual([1])
    expect(world.cell(1).result).toMatchObject({ kind: 'error', error: { kind: 'missing', name: 'a' } })
    expect(world.cell(2).result).toMatchObject({ kind: 'blocked', culprit: world.id(1) })
  })

  test('[S7] renaming a definition re-runs those who used the old name', () => {
    const world = World.of(['a =', 'b = a'])
    world.do({ kind: 'run-all' })
    world.settle()
    world.type(1, 'z =')
    world.run(1)
    expect(world.settle()).toEqual([1, 2])
    expect(world.cell(2).result).toMatchObject({ kind: 'error', error: { kind: 'missing' } })
  })

  test('[S8] two people who press Run make one run and see one id', () => {
    const world = World.of(['a =', 'b = a'])
    const first = world.run(1)
    const second = world.run(1)
    expect(first).toMatchObject({ ok: true })
    expect(second.ok && second.answer.planned.targets).toEqual(first.ok && first.answer.planned.targets)
    expect(world.settle()).toEqual([1, 2])
  })

  test('[S9] queued, running, output, terminal, in that order', () => {
    const world = World.of(['a ='])
    const from = world.messages.length
    world.run(1)
    world.settle()
    const types = world.messages
      .slice(from)
      .flatMap(({ changes }) => changes.map((change) => (change.type === 'cell.set' ? change.patch.status : change.type)))
    expect(types).toEqual(['queued', 'run.started', 'output.appended', 'run.finished'])
  })

  test('[S9] a run that ends where it waited was running for no time, and its cell keeps what it showed', () => {
    const world = World.of(['a =', 'b = a', 'c = a throw', 'd = c'])
    world.run(1)
    world.settle()
    const outputs = world.cell(2).outputs
    const from = world.messages.length
    world.run(2)
    world.do({ kind: 'interrupt' })
    const changes = world.messages.slice(from).flatMap((message) => message.changes)
    const states = changes.map((change) => (change.type === 'cell.set' ? change.patch.status : change.type))
    expect(states.filter((state) => state !== undefined)).toEqual(['queued', 'running', 'run.finished'])
    expect(outputs).toHaveLength(1)
    expect(world.cell(2)).toMatchObject({ status: 'idle', stale: true, outputs, result: { kind: 'interrupted', durationMs: 0 } })
  })

  test('[S9] one run is queued once, also when it is planned anew behind an edit', () => {
    const world = World.of(['a =', 'b = a'])
    world.do({ kind: 'run-all' })
    world.type(1, 'a = z')
    world.run(1)
    world.settle()
    const queued = world.messages
      .flatMap(({ changes }) => changes)
      .flatMap((change) => (change.type === 'cell.set' && change.patch.status === 'queued' ? [change.patch.runId] : []))
    expect(queued).toHaveLength(new Set(queued).size)
    expect(world.cell(2).stale).toBe(false)
  })

  test('[S10] what comes from a run that is not current is dropped', () => {
    const world = World.of(['a ='])
    expect(world.report([{ kind: 'finished', runId: 'nobody', outcome: { kind: 'ok', durationMs: 1 } }])).toBe(true)
    expect(world.cell(1).result.kind).toBe('none')
  })

  test('[S11] editing a running cell ends its run; the old result never shows', () => {
    const world = World.of(['a ='])
    world.run(1)
    const runId = world.cell(1).runId ?? ''
    world.report([{ kind: 'started', runId }])
    world.type(1, 'b =')
    world.report([{ kind: 'finished', runId, outcome: { kind: 'ok', durationMs: 1 } }])
    expect(world.cell(1)).toMatchObject({ status: 'idle', stale: true, result: { kind: 'interrupted' } })
  })

  test('[S12] a cell that becomes stale is run before a dependent that is queued already', () => {
    const world = World.of(['a =', 'b = a', 'c = b'], { mode: 'lazy' })
    world.run(3)
    world.type(1, 'a = z')
    world.run(1)
    expect(world.settle()[0]).toBe(1)
  })

  test('[S13] interrupt empties the queue; finished values stay', () => {
    const world = World.of(['a =', 'b = a', 'c = b'])
    world.do({ kind: 'run-all' })
    world.step()
    world.do({ kind: 'interrupt' })
    world.settle()
    expect([1, 2, 3].map((n) => world.cell(n).result.kind)).toEqual(['ok', 'interrupted', 'interrupted'])
    world.run(3)
    expect(world.settle()).toEqual([2, 3])
  })

  test('[S11] [S14] a run that is cut short says how long it ran', () => {
    for (const end of ['edit', 'restart', 'die'] as const) {
      const world = World.of(['a ='])
      world.run(1)
      world.report([{ kind: 'started', runId: world.cell(1).runId ?? '' }])
      world.passes(1_500)
      if (end === 'edit') world.type(1, 'b =')
      if (end === 'restart') world.do({ kind: 'restart-kernel' })
      if (end === 'die') world.report(world.kernel.die())
      expect(world.cell(1).result, end).toMatchObject({ kind: end === 'die' ? 'error' : 'interrupted', durationMs: 1_500 })
    }
  })

  test('[S14] a kernel that dies ends what ran and what waited; ancestors are made again', () => {
    const world = World.of(['a =', 'b = a', 'c = b'])
    world.do({ kind: 'run-all' })
    world.step()
    world.report(world.kernel.die())
    expect(world.cell(2).result).toMatchObject({ kind: 'error', error: { kind: 'kernel-died', message: 'died' } })
    world.run(3)
    expect(world.settle()).toEqual([1, 2, 3])
  })

  test('[S17] with cut-off, who reads an equal value keeps its result', () => {
    const world = World.of(['a =', 'b = same a', 'c = b', 'd = a c'])
    world.do({ kind: 'set-notebook', cutoff: true })
    world.do({ kind: 'run-all' })
    world.settle()
    world.type(1, 'a = z')
    world.type(1, 'a = same')
    world.run(1)
    expect(world.settle()).toEqual([1, 2, 4])
    expect(world.cell(3)).toMatchObject({
      status: 'idle',
      stale: false,
      result: { kind: 'ok', cached: true },
      outputs: [{ kind: 'value' }],
    })
    world.run(3)
    expect(world.settle()[0]).toBe(3)
  })

  test('[S20] every run says why', () => {
    const world = World.of(['a =', 'b = a', 'c = b'])
    world.run(2)
    expect([1, 2, 3].map((n) => world.cell(n).cause)).toEqual([
      { kind: 'needed' },
      { kind: 'requested' },
      { kind: 'upstream', cell: world.id(2) },
    ])
  })

  test('[S7] [S20] who read a name that is gone runs because of the cell that had it', () => {
    const world = World.of(['a =', 'b = a'])
    world.do({ kind: 'run-all' })
    world.settle()
    world.type(1, 'z =')
    world.run(1)
    expect(world.cell(2)).toMatchObject({ status: 'queued', cause: { kind: 'upstream', cell: world.id(1) } })
  })

  test('[S21] a chain of 5,000 and a fan of 5,000 work', () => {
    const chain = World.of(Array.from({ length: 5_000 }, (_, n) => (n === 0 ? 'x0 =' : `x${n} = x${n - 1}`)))
    chain.do({ kind: 'run-all' })
    expect(chain.engine.runs.size).toBe(5_000)
    const fan = World.of(Array.from({ length: 5_000 }, (_, n) => (n === 0 ? 'x0 =' : `x${n} = x0`)))
    fan.run(1)
    expect(fan.engine.runs.size).toBe(5_000)
  })
})
