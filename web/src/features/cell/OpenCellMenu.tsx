import type { Cell } from '@rivulet/server/notebook/model'
import { ArrowDown, ArrowUp, ClipboardPaste, Code, Copy, CopyPlus, EyeOff, FoldVertical, Scissors, Trash2 } from 'lucide-react'
import type { MenuEntry, MenuProps } from '../../ui/Menu.tsx'
import RadixMenu from '../../ui/RadixMenu.tsx'
import { type CellHost, useHost } from './host.ts'
import { AVAILABLE } from './languageNames.ts'

function entriesOf({ actions, foldedOutputs }: CellHost, cell: Cell): MenuEntry[] {
  const one = [cell.id]
  return [
    { heading: 'Language' },
    ...AVAILABLE.map(({ language, name, key }) => ({
      label: name,
      keys: key,
      checked: cell.language === language,
      onSelect: () => actions.set(one, { language }),
    })),
    'separator',
    { label: 'Move up', icon: <ArrowUp size={14} />, keys: 'Alt+ArrowUp', onSelect: () => actions.moveBy(one, -1) },
    { label: 'Move down', icon: <ArrowDown size={14} />, keys: 'Alt+ArrowDown', onSelect: () => actions.moveBy(one, 1) },
    { label: 'Duplicate', icon: <CopyPlus size={14} />, onSelect: () => actions.duplicate(cell.id) },
    'separator',
    { label: 'Cut cell', icon: <Scissors size={14} />, keys: 'X', onSelect: () => actions.cut(cell.id) },
    { label: 'Copy cell', icon: <Copy size={14} />, keys: 'C', onSelect: () => actions.copy(cell.id) },
    {
      label: 'Paste cell below',
      icon: <ClipboardPaste size={14} />,
      keys: 'V',
      onSelect: () => actions.pasteBelow(cell.id),
    },
    'separator',
    {
      label: cell.hidden ? 'Show code' : 'Fold code',
      icon: <Code size={14} />,
      keys: 'H',
      onSelect: () => actions.set(one, { hidden: !cell.hidden }),
    },
    {
      label: foldedOutputs.get().has(cell.id) ? 'Show output' : 'Fold output',
      icon: <FoldVertical size={14} />,
      keys: 'O',
      onSelect: () => actions.foldOutput(cell.id),
    },
    {
      label: cell.disabled ? 'Enable' : 'Disable',
      icon: <EyeOff size={14} />,
      onSelect: () => actions.set(one, { disabled: !cell.disabled }),
    },
    'separator',
    { label: 'Delete', icon: <Trash2 size={14} />, keys: 'D D', danger: true, onSelect: () => actions.remove(one) },
  ]
}

export default function OpenCellMenu({ cell, trigger }: { cell: Cell; trigger: MenuProps['trigger'] }) {
  const host = useHost()
  return <RadixMenu trigger={trigger} entries={() => entriesOf(host, cell)} />
}
