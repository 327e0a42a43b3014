import { useEffect, useRef, useState } from 'react'

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false

/** Files may be dropped anywhere on the page, on editors too, which would write them into the text. Answers whether some hover over it. */
export function useFileDrop(onFiles: (files: File[]) => void, isOff: boolean): boolean {
  const [hovering, setHovering] = useState(false)
  const handler = useRef(onFiles)
  handler.current = onFiles
  useEffect(() => {
    if (isOff) return
    // Every element that is entered is left again.
    let depth = 0
    const show = (change: number) => {
      depth = Math.max(0, depth + change)
      setHovering(depth > 0)
    }
    const take = (event: DragEvent) => {
      event.preventDefault()
      event.stopPropagation()
    }
    const listeners: Partial<Record<'dragenter' | 'dragover' | 'dragleave' | 'drop', (event: DragEvent) => void>> = {
      dragenter: () => show(1),
      dragover: (event) => {
        take(event)
        if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
      },
      dragleave: () => show(-1),
      drop: (event) => {
        take(event)
        show(-depth)
        const files = [...(event.dataTransfer?.files ?? [])]
        if (files.length > 0) handler.current(files)
      },
    }
    const entries = Object.entries(listeners).map(([type, listen]) => {
      const listener = (event: Event) => {
        if (event instanceof DragEvent && hasFiles(event)) listen(event)
      }
      window.addEventListener(type, listener, { capture: true })
      return () => window.removeEventListener(type, listener, { capture: true })
    })
    return () => {
      for (const end of entries) end()
      setHovering(false)
    }
  }, [isOff])
  return hovering
}
