import { lazy, type ReactElement, Suspense, useState } from 'react'

export type MenuEntry =
  | 'separator'
  | { heading: string }
  | {
      label: string
      icon?: ReactElement
      keys?: string
      onSelect: () => void
      disabled?: boolean
      danger?: boolean
      checked?: boolean
      note?: string
    }

export interface MenuProps {
  /** A single button; it gets the props that open the menu. */
  trigger: ReactElement<{ onClick?: () => void; 'aria-haspopup'?: 'menu' }>
  entries: () => MenuEntry[]
  align?: 'start' | 'end'
}

const OpenMenu = lazy(() => import('./RadixMenu.tsx'))

/** The button is there at once; the menu's code arrives with the first opening. */
export function Menu({ trigger, entries, align = 'end' }: MenuProps) {
  const [wanted, setWanted] = useState(false)
  const idle = (
    // biome-ignore lint/a11y/noStaticElementInteractions: the wrapper only catches the click of the real button inside
    // biome-ignore lint/a11y/useKeyWithClickEvents: a button's click event is its key event too
    <span className="contents" onClick={() => setWanted(true)}>
      {trigger}
    </span>
  )
  if (!wanted) return idle
  return (
    <Suspense fallback={idle}>
      <OpenMenu trigger={trigger} entries={entries} align={align} />
    </Suspense>
  )
}
