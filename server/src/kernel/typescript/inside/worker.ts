/// <reference lib="deno.worker" />
import { makeContext } from './async-context.ts'
import { Engine } from './engine.ts'
import { lockDown } from './lockdown.ts'
import { makeImporter } from './packages.ts'
import type { InsideLimits, PackageTable, ToInside } from './protocol.ts'

export interface WorkerSetup {
  flag: Int32Array
  limits: InsideLimits
  packages: PackageTable
}

/** To the supervisor: a JSON array of reports as text, and whether it shall go out at once. */
export type FromWorker = readonly [text: string, idle: boolean]

const { stringify, parse } = JSON
const post = self.postMessage.bind(self)

self.addEventListener('message', (event: MessageEvent<WorkerSetup>) => begin(event.data), { once: true })

function begin(setup: WorkerSetup): void {
  const engine = new Engine({
    ...setup,
    context: makeContext(),
    importPackage: makeImporter(setup.packages, (url) => import(url)),
    post: (reports, idle) => post([stringify(reports), idle]),
  })
  // An error that nobody caught must not end the worker, and with it everybody's values.
  self.addEventListener('error', (event) => keepGoing(engine, event, event.error))
  self.addEventListener('unhandledrejection', (event) => keepGoing(engine, event, event.reason))
  self.addEventListener('message', (event: MessageEvent<string>) => {
    // A cell can dispatch events, too.
    if (event.isTrusted) engine.receive(parse(event.data) as ToInside)
  })
  lockDown(globalThis)
  Object.defineProperty(globalThis, 'console', { value: engine.console, configurable: true, writable: true })
  post([stringify([{ kind: 'ready' }]), true])
}

function keepGoing(engine: Engine, event: Event, error: unknown): void {
  event.preventDefault()
  engine.uncaught(error)
}
