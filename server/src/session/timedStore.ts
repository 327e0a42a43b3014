import type { Saving, SessionStore } from './sessionStore.ts'

/** Tells how long each decision took to save, and whether it failed. */
export function timed(store: SessionStore, onSave?: (seconds: number, failed: boolean) => void): SessionStore {
  if (!onSave) return store
  const save = (saving: Saving) => {
    const from = performance.now()
    let failed = true
    try {
      store.save(saving)
      failed = false
    } finally {
      onSave((performance.now() - from) / 1_000, failed)
    }
  }
  return { ...store, save }
}
