import type { NotebookEvent } from '@rivulet/server/notebook/events'
import { useEffect } from 'react'
import type { NotebookStore } from '../NotebookStore.ts'

type Changed = Extract<NotebookEvent, { type: 'changes' }>['changes'][number]

const PAUSE_MS = 150

/** Asks again a moment after something happened that concerns the asker; many in a burst are asked about once. */
export function useRefresh(store: NotebookStore, concerns: (change: Changed) => boolean, refresh: () => void): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = store.watch((event) => {
      const concerned = event.type === 'snapshot' || (event.type === 'changes' && event.changes.some(concerns))
      if (!concerned) return
      timer ??= setTimeout(() => {
        timer = undefined
        refresh()
      }, PAUSE_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [store, concerns, refresh])
}
