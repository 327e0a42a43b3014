import { type RefObject, useLayoutEffect } from 'react'

/** When an entry of a list goes that has the focus, its neighbour gets it: the keyboard stays where it was. */
export function useHandedOn(entry: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = entry.current
    return () => {
      if (!element?.contains(document.activeElement)) return
      const neighbour = element.nextElementSibling ?? element.previousElementSibling
      neighbour?.querySelector<HTMLElement>('a, button')?.focus()
    }
  }, [entry])
}
