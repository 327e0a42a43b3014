import { useEffect, useState } from 'react'
import { type Clients, useClients } from '../../trpc.ts'
import { NotebookStore } from './NotebookStore.ts'

interface Entry {
  store: NotebookStore
  users: number
  closing?: ReturnType<typeof setTimeout>
}

/** Long enough for a change of address (`/demo` → `/n/<id>`) or StrictMode's second mount to find it again. */
const LINGER_MS = 1_500
/** A store that was opened ahead, and for which nobody came. */
const UNCLAIMED_MS = 30_000
const registries = new WeakMap<Clients, Map<string, Entry>>()

function registryOf(clients: Clients): Map<string, Entry> {
  const registry = registries.get(clients) ?? new Map<string, Entry>()
  registries.set(clients, registry)
  return registry
}

function entryOf(clients: Clients, id: string): Entry {
  const registry = registryOf(clients)
  const known = registry.get(id)
  if (known) return known
  const entry: Entry = { store: new NotebookStore(clients, id), users: 0 }
  registry.set(id, entry)
  // An alias resolves with the first snapshot; from then on the real id finds the same store.
  const stop = entry.store.phase.subscribe(() => {
    const phase = entry.store.phase.get()
    if (phase.status !== 'open') return
    stop()
    if (!registry.has(phase.view.notebook.id)) registry.set(phase.view.notebook.id, entry)
  })
  return entry
}

function release(clients: Clients, entry: Entry): void {
  entry.users -= 1
  if (entry.users === 0) closeAfter(LINGER_MS, clients, entry)
}

function closeAfter(ms: number, clients: Clients, entry: Entry): void {
  entry.closing = setTimeout(() => {
    entry.store.dispose()
    const registry = registryOf(clients)
    for (const [id, other] of registry) if (other === entry) registry.delete(id)
  }, ms)
}

/** Begins to follow the notebook before anything is rendered: the server answers meanwhile. Whoever shows it finds it open. */
export function openAhead(clients: Clients, id: string): void {
  if (!registryOf(clients).has(id)) closeAfter(UNCLAIMED_MS, clients, entryOf(clients, id))
}

/** The notebook's store, open as long as somebody shows it. */
export function useNotebookStore(id: string): NotebookStore {
  const clients = useClients()
  const [entry] = useState(() => entryOf(clients, id))
  useEffect(() => {
    clearTimeout(entry.closing)
    entry.users += 1
    return () => release(clients, entry)
  }, [clients, entry])
  return entry.store
}
