import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { cx } from './cx.ts'
import { Keys } from './Keys.tsx'
import type { MenuEntry, MenuProps } from './Menu.tsx'

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry === 'separator') return <DropdownMenu.Separator className="my-1 h-px bg-line" />
  if ('heading' in entry) {
    return <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-xs font-medium text-muted">{entry.heading}</DropdownMenu.Label>
  }
  return (
    <DropdownMenu.Item
      disabled={entry.disabled}
      onSelect={entry.onSelect}
      className={cx('menu-item', entry.danger && 'text-bad')}
      {...(entry.checked !== undefined && { role: 'menuitemradio', 'aria-checked': entry.checked })}
    >
      <span className="flex size-4 shrink-0 items-center justify-center" aria-hidden>
        {entry.checked ? <Check size={14} /> : entry.icon}
      </span>
      <span className="min-w-0 flex-1 truncate">{entry.label}</span>
      {entry.note && <span className="text-xs text-muted">{entry.note}</span>}
      {entry.keys && <Keys combo={entry.keys} />}
    </DropdownMenu.Item>
  )
}

export default function RadixMenu({ trigger, entries, align = 'end' }: MenuProps) {
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={6} collisionPadding={8} className="menu">
          <Entries entries={entries()} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function Entries({ entries }: { entries: MenuEntry[] }) {
  return entries.map((entry, index) => <Entry key={index} entry={entry} />)
}
