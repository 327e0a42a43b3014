import type { Cell } from '@rivulet/server/notebook/model'
import { EllipsisVertical } from 'lucide-react'
import { lazy } from 'react'
import { IconButton } from '../../ui/Button.tsx'
import { LateMenu } from '../../ui/Menu.tsx'

const OpenCellMenu = lazy(() => import('./OpenCellMenu.tsx'))

export function CellMenu({ cell, position }: { cell: Cell; position: number }) {
  const trigger = (
    <IconButton label={`Actions of cell ${position}`}>
      <EllipsisVertical size={15} aria-hidden />
    </IconButton>
  )
  return <LateMenu trigger={trigger} open={<OpenCellMenu cell={cell} trigger={trigger} />} />
}
