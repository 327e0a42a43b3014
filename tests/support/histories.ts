import type { NotebookFile } from '@rivulet/server/notebook/model'
import fc from 'fast-check'
import { toy, World } from './world.ts'

/** Random notebooks and histories over few names, so that duplicates, cycles and missing names are frequent. */

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'table:embedded:t')
const right = fc.array(fc.oneof({ weight: 12, arbitrary: name }, fc.constantFrom('throw', 'stop', 'same')), { maxLength: 2 })
export const source = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(fc.array(name, { maxLength: 1 }), right).map(([l, r]) => `${l.join(' ')} = ${r.join(' ')}`.trim()),
  },
  fc.constantFrom('', 'a = ?', 'b := 1'),
)
/** Acyclic, without failures: n-th cell defines `xn` and uses earlier names. */
export const healthySources = fc
  .array(fc.array(fc.nat(20), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((uses) => uses.map((list, n) => `x${n} = ${n === 0 ? '' : list.map((use) => `x${use % n}`).join(' ')}`.trim()))

const position = fc.nat(50)
export const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('type' as const), position, source }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('insert' as const), position, source }) },
  fc.record({ do: fc.constant('delete' as const), position }),
  fc.record({ do: fc.constant('move' as const), position, to: position }),
  fc.record({ do: fc.constant('disable' as const), position }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('run' as const), position }) },
  fc.record({
    do: fc.constantFrom(...(['run-all', 'run-stale', 'settle', 'begin', 'begin', 'interrupt', 'die', 'restart-kernel'] as const)),
  }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('steps' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  fc.record({ do: fc.constant('file' as const), id: fc.constantFrom('one', 'two') }),
  fc.record({ do: fc.constant('no-file' as const) }),
  fc.record({ do: fc.constant('cutoff' as const), on: fc.boolean() }),
  fc.record({ do: fc.constant('mode' as const), mode: fc.constantFrom('auto' as const, 'lazy' as const) }),
)
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

export function play(world: World, history: readonly Step[]): World {
  for (const one of history) playStep(world, one)
  return world
}

function playStep(world: World, one: Step): void {
  const { order, cells } = world.engine.notebook
  const at = (n: number): string | undefined => order[n % Math.max(1, order.length)]
  const cellId = 'position' in one ? at(one.position) : undefined
  switch (one.do) {
    case 'insert':
      world.edit({ kind: 'insert', language: 'typescript', content: toy(one.source), after: cellId ?? null })
      return
    case 'type':
      if (cellId) world.edit({ kind: 'edit', cellId, content: toy(one.source) })
      return
    case 'delete':
      if (cellId) world.edit({ kind: 'delete', cellId })
      return
    case 'move':
      if (cellId) world.edit({ kind: 'move', cellId, after: at(one.to) })
      return
    case 'disable':
      if (cellId) world.edit({ kind: 'set', cellId, disabled: !cells.get(cellId)?.disabled })
      return
    case 'run':
      if (cellId) world.do({ kind: 'run', cellIds: [cellId] })
      return
    case 'run-all':
    case 'run-stale':
    case 'interrupt':
    case 'restart-kernel':
      world.do({ kind: one.do })
      return
    case 'mode':
      world.do({ kind: 'set-notebook', mode: one.mode })
      return
    case 'cutoff':
      world.do({ kind: 'set-notebook', cutoff: one.on })
      return
    case 'file':
      world.do({ kind: 'add-file', file: fileOf(one.id, 't'), replace: true })
      return
    case 'no-file':
      world.do({ kind: 'remove-file', fileId: world.engine.notebook.files[0]?.id ?? '' })
      return
    case 'steps':
      for (let n = 0; n < one.count; n++) world.step()
      return
    case 'settle':
      world.settle()
      return
    case 'begin':
      world.begin()
      return
    case 'die':
      world.report(world.kernel.die())
      return
  }
}

/** A file that is a table. */
export function fileOf(id: string, table: string): NotebookFile {
  const columns = [{ name: 'n', type: 'BIGINT' }]
  return { id, table, name: `${table}.csv`, format: 'csv', bytes: 1, rows: 1, columns, uploadedAt: '2026-01-01T00:00:00.000Z' }
}

/** A new notebook with the same final code and the same files, everything run once. */
export function fresh(world: World): World {
  const { order, cells, files } = world.engine.notebook
  const again = World.of(
    order.map((id) => cells.get(id)?.source ?? ''),
    { files },
  )
  for (const [index, id] of order.entries())
    if (cells.get(id)?.disabled) again.edit({ kind: 'set', cellId: again.id(index + 1), disabled: true })
  again.do({ kind: 'run-all' })
  again.settle()
  return again
}

/** Everything that is out of date brought up to date, in auto mode; values that went with a kernel are made again. */
export function refresh(world: World): World {
  world.settle()
  world.do({ kind: 'set-notebook', mode: 'auto' })
  world.do({ kind: 'run-stale' })
  world.settle()
  const lost = [...world.engine.internals].filter(
    ([id, internal]) =>
      !internal.live && internal.analysis.defines.length > 0 && world.engine.notebook.cells.get(id)?.result.kind === 'ok',
  )
  world.do({ kind: 'run', cellIds: lost.map(([id]) => id) })
  world.settle()
  return world
}
