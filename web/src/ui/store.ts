import { useSyncExternalStore } from 'react'

export interface Readable<T> {
  get: () => T
  subscribe: (listener: () => void) => () => void
}

/** One value that components can select from; setting an identical value tells nobody. */
export class Store<T> implements Readable<T> {
  private value: T
  private readonly listeners = new Set<() => void>()

  constructor(value: T) {
    this.value = value
  }

  readonly get = (): T => this.value

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  set(next: T): void {
    if (Object.is(next, this.value)) return
    this.value = next
    for (const listener of this.listeners) listener()
  }

  update(change: (value: T) => T): void {
    this.set(change(this.value))
  }
}

/** Re-renders only when what `select` picks changes; it must pick, not build. */
export function useSelected<T, S>(store: Readable<T>, select: (value: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

/** Outside of components: tells only when what `select` picks changes. */
export function subscribeSelected<T, S>(store: Readable<T>, select: (value: T) => S, listener: () => void): () => void {
  let last = select(store.get())
  return store.subscribe(() => {
    const next = select(store.get())
    if (Object.is(next, last)) return
    last = next
    listener()
  })
}

export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.get)
}
