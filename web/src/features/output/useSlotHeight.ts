import { useCallback, useState } from 'react'

/** By place on the page: the last height there is reserved for the next thing shown there, so nothing jumps. */
const heights = new Map<string, number>()

export function useSlotHeight(slot: string, expected: () => number): [height: number, measured: (height: number) => void] {
  const [height, setHeight] = useState(() => heights.get(slot) ?? expected())
  const measured = useCallback(
    (next: number) => {
      heights.set(slot, next)
      setHeight(next)
    },
    [slot],
  )
  return [height, measured]
}
