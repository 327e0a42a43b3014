import { useSyncExternalStore } from 'react'

const queries = new Map<string, MediaQueryList>()

function queryFor(text: string): MediaQueryList {
  const query = queries.get(text) ?? window.matchMedia(text)
  queries.set(text, query)
  return query
}

/** Whether the media query holds, followed live. */
export function useMedia(text: string): boolean {
  const query = queryFor(text)
  return useSyncExternalStore(
    (changed) => {
      query.addEventListener('change', changed)
      return () => query.removeEventListener('change', changed)
    },
    () => query.matches,
  )
}
