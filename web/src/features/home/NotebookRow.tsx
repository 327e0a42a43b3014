import type { NotebookSummary } from '@rivulet/server/notebook/model'
import { Copy, EllipsisVertical, NotebookPen, Pencil, Sparkles, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { IconButton } from '../../ui/Button.tsx'
import { formatAgo, plural } from '../../ui/format.ts'
import { Menu } from '../../ui/Menu.tsx'
import { useHandedOn } from '../../ui/useHandedOn.ts'
import type { NotebookActions } from './useNotebookActions.ts'

export function NotebookRow({ notebook, actions }: { notebook: NotebookSummary; actions: NotebookActions }) {
  const [renaming, setRenaming] = useState(false)
  const row = useRef<HTMLLIElement>(null)
  const link = useRef<HTMLAnchorElement>(null)
  const renamed = useRef(false)
  useHandedOn(row)
  useEffect(() => {
    if (!renaming && renamed.current) link.current?.focus()
    renamed.current = false
  }, [renaming])
  const Icon = notebook.kind === 'demo' ? Sparkles : NotebookPen
  return (
    <li ref={row} className="notebook-row">
      <Icon size={17} aria-hidden className="shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        {renaming ? (
          <RenameField
            title={notebook.title}
            onDone={(title, byKey) => {
              renamed.current = byKey
              setRenaming(false)
              if (title && title !== notebook.title) void actions.rename(notebook.id, title)
            }}
          />
        ) : (
          <Link ref={link} href={`/n/${notebook.id}`} className="notebook-link">
            {notebook.title}
          </Link>
        )}
        <p className="text-xs text-muted">
          {plural(notebook.cellCount, 'cell')} · {formatAgo(notebook.updatedAt)}
        </p>
      </div>
      <Menu
        entries={() => [
          { label: 'Rename', icon: <Pencil size={14} />, onSelect: () => setTimeout(() => setRenaming(true)) },
          { label: 'Duplicate', icon: <Copy size={14} />, onSelect: () => void actions.duplicate(notebook.id) },
          'separator',
          {
            label: 'Move to bin',
            icon: <Trash2 size={14} />,
            danger: true,
            onSelect: () => void actions.remove(notebook.id, notebook.title),
          },
        ]}
        trigger={
          <IconButton label={`Actions for ${notebook.title}`} className="relative z-10">
            <EllipsisVertical size={15} aria-hidden />
          </IconButton>
        }
      />
    </li>
  )
}

interface RenameProps {
  title: string
  /** `byKey`: the focus has no other place to be yet. */
  onDone: (title: string | undefined, byKey: boolean) => void
}

function RenameField({ title, onDone }: RenameProps) {
  const ref = useRef<HTMLInputElement>(null)
  const key = useRef<string>(undefined)
  useEffect(() => ref.current?.select(), [])
  return (
    <input
      ref={ref}
      aria-label="Notebook title"
      defaultValue={title}
      maxLength={200}
      className="field relative z-10 mb-1.5 h-8"
      onBlur={(event) => onDone(key.current === 'Escape' ? undefined : event.target.value.trim(), key.current !== undefined)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return
        key.current = event.key
        event.currentTarget.blur()
      }}
    />
  )
}
