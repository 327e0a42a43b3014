import { evolveAll, toWire } from '@rivulet/server/notebook/evolve'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fresh, healthySources, play, refresh, source, step } from '../../support/histories.ts'
import { toy, World } from '../../support/world.ts'

const seed = Number(process.env.SEED ?? 20261123)
const runs = Number(process.env.RUNS ?? 1_000)
const check = (property: fc.IRawProperty<unknown>) => fc.assert(property as fc.IRawProperty<unknown>, { seed, numRuns: runs })
const sources = fc.array(source, { maxLength: 6 })
const history = fc.array(step, { maxLength: 25 })

/** Disabled cells and what hangs below them keep old values (S6): those are compared elsewhere. */
const withoutDisabled = fc.array(
  step.filter((one) => one.do !== 'disable'),
  { maxLength: 25 },
)

describe('promises, on random histories', () => {
  test('[P1] what stands is a function of the code', () => {
    check(
      fc.property(sources, withoutDisabled, (start, steps) => {
        const world = refresh(play(World.of(start), steps))
        expect(world.standing()).toEqual(fresh(world).standing())
      }),
    )
  })

  test('[P2] page order changes neither values nor states of a notebook without errors', () => {
    check(
      fc.property(healthySources, fc.infiniteStream(fc.nat()), (start, order) => {
        const world = World.of(start)
        world.do({ kind: 'run-all' })
        world.settle()
        const before = bySource(world)
        for (const id of world.engine.notebook.order) {
          const after = world.engine.notebook.order[Number(order.next().value) % start.length]
          world.edit({ kind: 'move', cellId: id, after })
        }
        world.do({ kind: 'run-all' })
        world.settle()
        expect(bySource(world)).toEqual(before)
      }),
    )
  })

  test('[P3] in one batch a cell runs once, after everything upstream of it', () => {
    check(
      fc.property(healthySources, fc.nat(), (start, n) => {
        const world = World.of(start)
        world.run((n % start.length) + 1)
        const executed = world.settle()
        expect(new Set(executed).size).toBe(executed.length)
        expect(executed.filter((position, at) => upstreamOf(world, position).some((to) => executed.indexOf(to) > at))).toEqual([])
        expect(world.engine.notebook.order.every((id) => world.engine.notebook.cells.get(id)?.result.kind !== 'error')).toBe(true)
      }),
    )
  })

  test('[P4] lazy mode followed by "run stale" equals auto mode', () => {
    check(
      fc.property(sources, withoutDisabled, (start, steps) => {
        const plain = steps.filter((one) => one.do !== 'mode' && one.do !== 'die' && one.do !== 'restart-kernel')
        const lazy = play(World.of(start, { mode: 'lazy' }), plain)
        lazy.settle()
        lazy.do({ kind: 'run-stale' })
        lazy.settle()
        expect(lazy.standing()).toEqual(refresh(play(World.of(start), plain)).standing())
      }),
    )
  })

  test('[P5] disable, do anything, enable: equals never having been disabled', () => {
    check(
      fc.property(sources, withoutDisabled, fc.nat(), (start, steps, n) => {
        const world = play(World.of(start), [])
        const cellId = world.engine.notebook.order[n % Math.max(1, start.length)]
        if (cellId) world.edit({ kind: 'set', cellId, disabled: true })
        play(world, steps)
        for (const id of world.engine.notebook.order) world.edit({ kind: 'set', cellId: id, disabled: false })
        refresh(world)
        expect(world.standing()).toEqual(fresh(world).standing())
      }),
    )
  })

  test('[P6] a cell is stale exactly when its code, or something upstream, changed since its last run', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.array(fc.nat(), { maxLength: 3 })), { minLength: 1, maxLength: 5 })
    check(
      fc.property(healthySources, edits, (start, typed) => {
        const world = World.of(start)
        world.do({ kind: 'run-all' })
        world.settle()
        const before = codeOf(world)
        for (const [count, [n, uses]] of typed.entries()) {
          const position = n % start.length
          const names = uses.map((use) => `x${use % Math.max(1, position)}`).filter((name) => name !== `x${position}`)
          world.type(position + 1, `x${position} = ${names.join(' ')} fresh${count}`)
        }
        const stale = world.engine.notebook.order.map((id) => world.engine.notebook.cells.get(id)?.stale)
        expect(stale).toEqual(codeOf(world).map((code, index) => code !== before[index]))
      }),
    )
  })

  test('[P8] early cut-off changes no final value, and only ever runs fewer cells', () => {
    check(
      fc.property(sources, withoutDisabled, (start, steps) => {
        const plain = steps.filter((one) => one.do !== 'cutoff')
        const cut = (on: boolean) => {
          const world = World.of(start)
          world.do({ kind: 'set-notebook', cutoff: on })
          return refresh(play(world, plain))
        }
        const [off, on] = [cut(false), cut(true)]
        expect(on.standing()).toEqual(off.standing())
        expect(beyond(on.kernel.executed, off.kernel.executed)).toEqual([])
      }),
    )
  })

  test('[P9] renaming a name everywhere in one transaction changes no value', () => {
    check(
      fc.property(healthySources, fc.nat(), (start, n) => {
        const world = World.of(start)
        world.do({ kind: 'run-all' })
        world.settle()
        const [from, to] = [`x${n % start.length}`, 'renamed']
        const before = world.standing()
        const edits = world.engine.notebook.order.map((cellId, index) => {
          const content = toy(String(start[index]).replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to))
          return { kind: 'edit' as const, cellId, content }
        })
        world.do({ kind: 'apply', edits, run: true })
        world.settle()
        expect(JSON.parse(JSON.stringify(world.standing()).replaceAll(to, from))).toEqual(before)
      }),
    )
  })

  test('[P7] adding a cell with fresh names and no uses runs exactly that cell', () => {
    check(
      fc.property(sources, withoutDisabled, (start, steps) => {
        const world = refresh(play(World.of(start), steps))
        const count = world.engine.notebook.order.length
        world.do({
          kind: 'apply',
          edits: [{ kind: 'insert', language: 'typescript', content: toy('fresh ='), after: 'end' }],
          run: true,
        })
        expect(world.settle()).toEqual([count + 1])
      }),
    )
  })

  test('[P10] who folds events has the state, at every position, from any position', () => {
    check(
      fc.property(sources, history, fc.nat(), (start, steps, cut) => {
        const world = new World()
        for (const text of start) world.edit({ kind: 'insert', language: 'typescript', content: toy(text), after: 'end' })
        play(world, steps)
        const all = world.messages.reduce((state, { changes, rev }) => evolveAll(state, changes, rev), world.first)
        expect(toWire(all)).toEqual(toWire(world.engine.notebook))
        const at = cut % (world.messages.length + 1)
        const until = world.messages.slice(0, at).reduce((state, { changes, rev }) => evolveAll(state, changes, rev), world.first)
        const resumed = evolveAll(
          until,
          world.messages.slice(at).flatMap(({ changes }) => changes),
          world.engine.notebook.rev,
        )
        expect(toWire(resumed)).toEqual(toWire(world.engine.notebook))
      }),
    )
  })

  test('[S9] every run publishes exactly one queued, then one running, then one terminal state', () => {
    check(
      fc.property(sources, history, (start, steps) => {
        const world = play(World.of(start), steps)
        world.settle()
        expect(brokenRuns(world)).toEqual([])
      }),
    )
  })
})

/** Positions a cell reads from. */
function upstreamOf(world: World, position: number): number[] {
  const { order, cells } = world.engine.notebook
  const uses = cells.get(world.id(position))?.uses ?? []
  return order.flatMap((id, index) =>
    id !== world.id(position) && cells.get(id)?.defines.some((name) => uses.includes(name)) ? [index + 1] : [],
  )
}

/** For each cell, its own code and that of everything upstream, by brute force. */
function codeOf(world: World): string[] {
  const { order, cells } = world.engine.notebook
  return order.map((_, index) => {
    const seen = new Set([index + 1])
    for (const position of seen) for (const to of upstreamOf(world, position)) seen.add(to)
    return [...seen].map((position) => cells.get(world.id(position))?.source).join('\n')
  })
}

/** What the first list holds more often than the second. */
function beyond(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return some.filter((each) => {
    const at = left.indexOf(each)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

function bySource(world: World): unknown {
  const { cells } = world.standing() as { cells: { source: string }[] }
  return Object.fromEntries(cells.map((cell) => [cell.source, cell]))
}

/** Runs whose published states are not queued, running, terminal. */
function brokenRuns(world: World): string[] {
  const states = new Map<string, string>()
  const add = (runId: string, letter: string) => states.set(runId, (states.get(runId) ?? '') + letter)
  const runs = new Map<string, string>()
  for (const change of world.messages.flatMap(({ changes }) => changes)) {
    if (change.type === 'cell.set') {
      const { status, runId } = change.patch
      if (runId) runs.set(change.cellId, runId)
      if (status) add(runs.get(change.cellId) ?? change.cellId, status === 'queued' ? 'q' : 'r')
    }
    if (change.type === 'run.started') add(change.runId, 'r')
    if (change.type === 'run.finished') add(change.runId, 't')
  }
  return [...states].filter(([, letters]) => letters !== 'qrt').map(([runId, letters]) => `${runId}: ${letters}`)
}
