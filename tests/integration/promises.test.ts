import type { StartKernel } from '@rivulet/server/src/kernel/kernel.ts'
import { TypeScriptKernel } from '@rivulet/server/src/kernel/typescript/kernel.ts'
import { DenoProcess } from '@rivulet/server/src/kernel/typescript/process.ts'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { startInProcessKernel } from '../support/inProcessKernel.ts'
import { OUTPUT_BYTES, testHome, testPackages } from '../support/kernelHarness.ts'
import { SessionWorld } from '../support/sessionWorld.ts'

/** The promises on real code: random notebooks of TypeScript and random histories, compared with a new notebook of the same code. */

const seed = Number(process.env.SEED ?? 20261125)

const name = fc.constantFrom('a', 'b', 'c', 'd')
const source = fc.oneof(
  fc.tuple(name, fc.integer({ min: 0, max: 9 })).map(([x, n]) => `const ${x} = ${n}`),
  fc.tuple(name, name).map(([x, y]) => `const ${x} = [${y}, 'from ${y}']`),
  fc.tuple(name, name, name).map(([x, y, z]) => `const ${x} = await Promise.resolve(String(${y}) + ${z})\n${x}.length`),
  fc.tuple(name, name).map(([x, y]) => `function ${x}() {\n  return ${y}\n}\nconst _own = ${x}`),
  fc.tuple(name).map(([x]) => `console.log('prints', ${x})\ntypeof ${x}`),
  fc.tuple(name, name).map(([x, y]) => `const ${x} = 1\nif (typeof ${y} === 'number') throw new RangeError('no ' + ${y})`),
  fc.tuple(name, name).map(([x, y]) => `stop(typeof ${y} === 'string', 'enough')\nlet ${x} = { ${y} }`),
  fc.constantFrom('', '// nothing', 'const = 1', 'a = 2', 'd++', 'for (const a of [1]) { console.log(a) }', 'undefinedName + 1'),
)

const position = fc.nat(20)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('type' as const), position, source }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('insert' as const), source }) },
  fc.record({ do: fc.constant('delete' as const), position }),
  fc.record({ do: fc.constant('move' as const), position, to: position }),
  fc.record({ do: fc.constant('toggle' as const), position }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('run' as const), position }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('run-all' as const, 'run-stale' as const, 'settle' as const) }) },
  fc.record({ do: fc.constantFrom('interrupt' as const, 'restart-kernel' as const, 'die' as const) }),
  fc.record({ do: fc.constant('mode' as const), mode: fc.constantFrom('auto' as const, 'lazy' as const) }),
  fc.record({ do: fc.constant('cutoff' as const), on: fc.boolean() }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Place {
  start: StartKernel
  /** Ends the kernel that was started last, as a crash does. */
  die: () => void
}

async function play(world: SessionWorld, place: Place, history: readonly Step[]): Promise<void> {
  for (const one of history) {
    const at = (n: number) => world.order[n % Math.max(1, world.order.length)] ?? ''
    if ('position' in one && world.order.length === 0) continue
    switch (one.do) {
      case 'insert':
        world.insert(one.source)
        break
      case 'type':
        world.type(at(one.position), one.source)
        break
      case 'delete':
        world.edit({ kind: 'delete', cellId: at(one.position) })
        break
      case 'move':
        world.edit({ kind: 'move', cellId: at(one.position), after: at(one.to) })
        break
      case 'toggle':
        world.edit({ kind: 'set', cellId: at(one.position), disabled: !world.cell(at(one.position)).disabled })
        break
      case 'run':
        world.do({ kind: 'run', cellIds: [at(one.position)] })
        break
      case 'run-all':
      case 'run-stale':
      case 'interrupt':
      case 'restart-kernel':
        world.do({ kind: one.do })
        break
      case 'mode':
        world.do({ kind: 'set-notebook', mode: one.mode })
        break
      case 'cutoff':
        world.do({ kind: 'set-notebook', cutoff: one.on })
        break
      case 'die':
        if (world.session.kernel.running) {
          place.die()
          await world.until(() => !world.session.kernel.running)
        }
        break
      case 'settle':
        await world.settled()
        break
    }
  }
}

/** Everything enabled and up to date, with all values in memory. */
async function refreshed(world: SessionWorld): Promise<void> {
  await world.settled()
  for (const id of world.order) world.edit({ kind: 'set', cellId: id, disabled: false })
  world.do({ kind: 'set-notebook', mode: 'auto', cutoff: false })
  await world.settled()
  world.do({ kind: 'run-stale' })
  await world.settled()
  // Values that went with a kernel are made again when something needs them: here, everything does.
  const lost = [...world.order].filter((id) => {
    const { result, defines } = world.cell(id)
    return result.kind === 'ok' && defines.some((each) => !world.session.liveNames().has(each))
  })
  if (lost.length > 0) world.do({ kind: 'run', cellIds: lost })
  await world.settled()
}

async function agreesWithFresh(place: Place, start: readonly string[], history: readonly Step[]): Promise<void> {
  const world = new SessionWorld(place.start)
  const fresh = new SessionWorld(place.start)
  try {
    for (const text of start) world.insert(text)
    await play(world, place, history)
    await refreshed(world)
    for (const id of world.order) fresh.insert(world.cell(id).source)
    fresh.do({ kind: 'run-all' })
    await fresh.settled()
    expect(await world.standing()).toEqual(await fresh.standing())
    const { client, server } = world.folded()
    expect(client).toEqual(server)
  } finally {
    await Promise.all([world.close(), fresh.close()])
  }
}

const places: { where: string; runs: number; place: () => Promise<Place> }[] = [
  { where: 'the in-process kernel', runs: 400, place: inProcess },
  { where: 'Deno kernels', runs: 24, place: inDeno },
]

async function inProcess(): Promise<Place> {
  const packages = await testPackages()
  let last: { kill(reason: string): Promise<void> } | undefined
  return {
    start: (report) =>
      startInProcessKernel({ packages, outputBytes: OUTPUT_BYTES, onTransport: (made) => (last = made) }, report),
    die: () => void last?.kill('died'),
  }
}

async function inDeno(): Promise<Place> {
  const packages = await testPackages()
  let last: DenoProcess | undefined
  const options = { home: testHome(), packages, heapMb: 256, rssMb: 768, outputBytes: OUTPUT_BYTES, network: [] }
  return {
    start: (report) => {
      last = new DenoProcess(options)
      return new TypeScriptKernel(last, report)
    },
    die: () => void last?.kill('died'),
  }
}

describe.each(places)('on $where', ({ runs, place: open }) => {
  let place: Place
  beforeAll(async () => {
    place = await open()
  })

  test('[P1] [P3] [P5] [P10] whatever the history, what stands is a function of the code, and clients have it too', async () => {
    const history = fc.array(step, { maxLength: 12 })
    const property = fc.asyncProperty(fc.array(source, { maxLength: 5 }), history, (start, steps) =>
      agreesWithFresh(place, start, steps),
    )
    // A history after which nothing comes to rest is a failure with a name, not a test that hangs.
    await fc.assert(property, { seed, numRuns: Number(process.env.RUNS ?? runs), timeout: 20_000 })
  }, 600_000)
})
