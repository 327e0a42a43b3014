import { CornerDownLeft, Eye, FileSpreadsheet, Table2, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../../ui/Button.tsx'
import type { TableSchema } from '../../cell/sql/Schemas.ts'
import { RemoveFile } from '../files/RemoveFile.tsx'
import { Branch } from './Branch.tsx'
import { quoted } from './nameInto.ts'

interface Props {
  table: TableSchema
  /** How a statement names it. */
  path: string
  onName: (text: string, table?: string) => void
  onRemoveFile?: ((fileId: string) => Promise<unknown>) | undefined
}

/** 1,204 rows, 3.1 M rows. */
function written(rows: number): string {
  const short =
    rows >= 100_000 ? rows.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 }) : rows.toLocaleString('en')
  return `${short} ${rows === 1 ? 'row' : 'rows'}`
}

export function TableNode({ table, path, onName, onRemoveFile }: Props) {
  const { name, kind, rows, columns, fileId } = table
  const [removing, setRemoving] = useState(false)
  const [open, setOpen] = useState(false)
  const Icon = kind === 'view' ? Eye : fileId === undefined ? Table2 : FileSpreadsheet
  return (
    <Branch
      label={name}
      icon={<Icon size={13} aria-hidden className="shrink-0 text-muted" />}
      note={rows === undefined ? kind : written(rows)}
      open={open}
      onToggle={() => setOpen(!open)}
      tools={
        <>
          <IconButton label={`Insert ${name}`} onClick={() => onName(path, path)}>
            <CornerDownLeft size={13} aria-hidden />
          </IconButton>
          {fileId !== undefined && onRemoveFile && (
            <IconButton label={`Remove the file ${name}`} onClick={() => setRemoving(true)}>
              <Trash2 size={13} aria-hidden />
            </IconButton>
          )}
          {removing && fileId !== undefined && (
            <RemoveFile name={name} onRemove={() => onRemoveFile?.(fileId)} onClose={() => setRemoving(false)} />
          )}
        </>
      }
    >
      <ul aria-label={`Columns of ${name}`}>
        {columns.map((column) => (
          <li key={column.name}>
            <button
              type="button"
              className="schema-row"
              data-tip={column.nullable ? 'may be NULL' : 'never NULL'}
              onClick={() => onName(quoted(column.name))}
            >
              <span className="truncate font-mono text-[12px]">{column.name}</span>
              <span className="ml-auto max-w-[50%] shrink-0 truncate text-[11px] text-muted">{column.type}</span>
            </button>
          </li>
        ))}
      </ul>
    </Branch>
  )
}
