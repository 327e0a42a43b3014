import { type ReactNode, useLayoutEffect, useRef } from 'react'

interface Props {
  className?: string
  onUnfold: () => void
  children: ReactNode
}

/** A button that goes when it has been pressed. The keyboard goes on at the cell around it, and not nowhere. */
export function Unfold({ className = 'link text-xs', onUnfold, children }: Props) {
  const button = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => {
    const element = button.current
    return () => {
      if (element && element === document.activeElement) element.closest('article')?.focus({ preventScroll: true })
    }
  }, [])
  return (
    <button ref={button} type="button" className={className} onClick={onUnfold}>
      {children}
    </button>
  )
}
