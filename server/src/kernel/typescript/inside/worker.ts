import { makeContext } from './async-context.ts'
import { CellCode } from './code.ts'
import { Cutoff } from './cutoff.ts'
import { Engine } from './engine.ts'
import { LatestRuns } from './latest.ts'
import { lockDown } from './lockdown.ts'
import { Memory } from './memory.ts'
import { Outbox } from './outbox.ts'
import { Outputs } from './outputs.ts'
import { makeImporter } from './packages.ts'
import type { InsideLimits, PackageTable, ToInside } from './protocol.ts'
import { Queries } from './queries.ts'
import { RunQueue } from './queue.ts'
import { QueryResult } from './result.ts'
import { Run } from './run.ts'
import { Runner } from './runner.ts'
import { SafeMap } from './safe.ts'
import { fixStacks } from './stacks.ts'
import { bindTimers } from './timers.ts'

export interface WorkerSetup {
  flag: Int32Array
  limits: InsideLimits
  packages: PackageTable
  /** The owner has granted hosts: what speaks to them stays. */
  network: boolean
  /** Messages come through here: cells cannot reach this port, as they can the worker's own events. */
  port: MessagePort
}

/** To the supervisor: a JSON array of reports as text, and whether it shall go out at once. */
export type FromWorker = readonly [text: string, idle: boolean]

/** Modules that are loaded can be imported by whoever knows their path, and cells can read it off a stack. */
for (const each of [
  Engine,
  Runner,
  Outbox,
  Outputs,
  Run,
  RunQueue,
  Memory,
  CellCode,
  Queries,
  QueryResult,
  Cutoff,
  LatestRuns,
  SafeMap,
]) {
  Object.freeze(each)
  Object.freeze(each.prototype)
}

const { stringify, parse } = JSON
const post = self.postMessage.bind(self)

self.addEventListener('message', (event: MessageEvent<WorkerSetup>) => begin(event.data), { once: true })

function begin({ port, ...setup }: WorkerSetup): void {
  const context = makeContext()
  const engine = new Engine({
    ...setup,
    context,
    importPackage: makeImporter(setup.packages, (url) => import(url)),
    post: (reports, idle) => post([stringify(reports), idle]),
  })
  fixStacks()
  bindTimers(globalThis, () => context.current())
  lockDown(globalThis, setup.network)
  Object.defineProperty(globalThis, 'console', { value: engine.console, configurable: true, writable: true })
  // An error that nobody caught must not end the worker, and with it everybody's values.
  self.addEventListener('error', (event) => keepGoing(engine, event, event.error))
  self.addEventListener('unhandledrejection', (event) => keepGoing(engine, event, event.reason))
  port.onmessage = (event: MessageEvent<string>) => engine.receive(parse(event.data) as ToInside)
  post([stringify([{ kind: 'ready' }]), true])
}

function keepGoing(engine: Engine, event: Event, error: unknown): void {
  event.preventDefault()
  engine.uncaught(error)
}
