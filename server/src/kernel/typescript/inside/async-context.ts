// The only module for which the import map leaves this specifier open; it exports nothing of it but two functions.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { EngineOptions } from './engine.ts'
import type { Run } from './run.ts'

export function makeContext(): EngineOptions['context'] {
  const storage = new AsyncLocalStorage<Run>()
  return { run: (run, task) => storage.run(run, task), current: () => storage.getStore() }
}
