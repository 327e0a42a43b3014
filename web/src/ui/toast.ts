interface ToastOptions {
  action?: { label: string; run: () => void }
  tone?: 'plain' | 'bad'
  /** Stays until it is closed or acted upon. */
  sticky?: boolean
}

/** Only for things with Undo, or that happened elsewhere. The library arrives with the first one. */
export async function toast(message: string, { action, tone = 'plain', sticky }: ToastOptions = {}): Promise<void> {
  const { show } = await import('./toaster.tsx')
  show(message, {
    ...(action && { action: { label: action.label, onClick: () => giveFocusBack(action.run) } }),
    ...(tone === 'bad' && { className: 'toast toast-bad' }),
    duration: sticky ? Number.POSITIVE_INFINITY : action ? 10_000 : 5_000,
  })
}

/** At once: the library hands it back to who had it when the notice goes, whoever has it by then. */
function giveFocusBack(then: () => void): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  then()
}
