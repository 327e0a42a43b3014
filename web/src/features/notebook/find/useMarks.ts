import { useEffect, useRef } from 'react'
import { loadEditor } from '../../cell/editor/load.ts'
import type { Marks } from './Marks.ts'
import type { Match } from './matches.ts'

async function load(): Promise<Marks> {
  const [{ Marks: Made }, { viewAt }] = await Promise.all([import('./Marks.ts'), loadEditor()])
  return new Made(viewAt)
}

/** What was found, marked on the page as long as it is looked for; with each `search` the current one is brought onto the screen. */
export function useMarks(matches: readonly Match[], current: Match | undefined, search: string): void {
  const marks = useRef<Promise<Marks | undefined>>(undefined)
  const sought = useRef('')
  useEffect(() => {
    // One finds without them, too.
    const loading = load().catch(() => undefined)
    marks.current = loading
    return () => void loading.then((made) => made?.dispose())
  }, [])
  useEffect(() => {
    const seek = sought.current !== search
    sought.current = search
    void marks.current?.then((made) => made?.show(matches, current, seek))
  }, [matches, current, search])
}
