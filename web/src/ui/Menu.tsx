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

export function Menu(props: MenuProps) {
  return <LateMenu trigger={props.trigger} open={<OpenMenu {...props} />} />
}

/** The button is there at once; the open menu, a lazy component, arrives with the first opening. */
export function LateMenu({ trigger, open }: { trigger: MenuProps['trigger']; open: ReactElement }) {
  const [wanted, setWanted] = useState(false)
  const idle = (
    // biome-ignore lint/a11y/noStaticElementInteractions: the wrapper only catches the click of the real button inside
    // biome-ignore lint/a11y/useKeyWithClickEvents: a button's click event is its key event too
    <span className="contents" onClick={() => setWanted(true)}>
      {trigger}
    </span>
  )
  return wanted ? <Suspense fallback={idle}>{open}</Suspense> : idle
}
