import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { type ExternalToast, Toaster, toast } from 'sonner'

let mounted = false

function mount(): void {
  const host = document.createElement('div')
  document.body.append(host)
  flushSync(() =>
    createRoot(host).render(
      <Toaster
        position="bottom-center"
        offset={44}
        closeButton
        toastOptions={{
          className: 'toast',
          unstyled: true,
          classNames: { actionButton: 'toast-action', closeButton: 'toast-close' },
        }}
      />,
    ),
  )
  mounted = true
}

export function show(message: string, options: ExternalToast): void {
  if (!mounted) mount()
  toast(message, options)
}
