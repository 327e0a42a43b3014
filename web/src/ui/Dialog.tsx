import { X } from 'lucide-react'
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { IconButton } from './Button.tsx'
import { cx } from './cx.ts'

interface Props {
  title: string
  onClose: () => void
  children: ReactNode
  /** `full` fills the page, `drawer` the left edge, `bare` leaves out the heading (the title still names it). */
  look?: 'window' | 'wide' | 'full' | 'drawer' | 'bare'
  className?: string
}

const LOOKS = {
  window: 'm-auto w-[min(34rem,calc(100vw-2rem))] rounded-2xl',
  wide: 'm-auto max-h-[calc(100dvh-2rem)] w-[min(52rem,calc(100vw-2rem))] rounded-2xl',
  full: 'm-auto h-[calc(100dvh-2rem)] max-h-none w-[calc(100vw-2rem)] max-w-none rounded-2xl',
  drawer: 'm-0 h-dvh max-h-dvh w-[min(20rem,calc(100vw-3rem))]',
  bare: 'mx-auto mt-[12vh] mb-auto w-[min(38rem,calc(100vw-2rem))] rounded-2xl',
}

/** A modal over the native element: focus stays inside, Escape and a click beside it close. */
export function Dialog({ title, onClose, children, look = 'window', className }: Props) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // Closed before it leaves the page: a dialog that is gone gives the focus back to nobody.
  useLayoutEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) dialog.showModal()
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the native key for this click on the backdrop
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === ref.current && onClose()}
      className={cx('dialog flex flex-col overflow-hidden border border-line bg-surface p-0 text-ink', LOOKS[look], className)}
    >
      {look === 'bare' ? (
        <h2 id={titleId} className="sr-only">
          {title}
        </h2>
      ) : (
        <header className="flex items-center justify-between gap-4 border-b border-line py-2.5 pr-2.5 pl-5">
          <h2 id={titleId} className="text-base font-semibold">
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose}>
            <X size={16} aria-hidden />
          </IconButton>
        </header>
      )}
      {children}
    </dialog>
  )
}
