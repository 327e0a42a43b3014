import { CaseSensitive, ChevronDown, ChevronUp, TextSelect, X } from 'lucide-react'
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { cx } from '../../../ui/cx.ts'
import type { Notebook } from '../Notebook.ts'
import { useFind } from './useFind.ts'

interface Props {
  notebook: Notebook
  /** Grows with every press of the keys that open it: then the field is ready to be written over. */
  turn: number
  readOnly: boolean
  onClose: () => void
}

/** What is selected, if that is something to look for. */
function selectedText(): string {
  const text = getSelection()?.toString() ?? ''
  return text.includes('\n') || text.length > 200 ? '' : text
}

/** Not loaded late: what is typed right behind the keys that open it must not end in a cell. */
export function FindBar({ notebook, turn, readOnly, onClose }: Props) {
  const [first] = useState(selectedText)
  const find = useFind(notebook, first)
  const [replacement, setReplacement] = useState('')
  const field = useRef<HTMLInputElement>(null)
  // Each turn asks for the field again
  useLayoutEffect(() => field.current?.select(), [turn])

  const close = () => {
    onClose()
    find.leave()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close()
    else if (event.key === 'f' && (event.ctrlKey || event.metaKey)) field.current?.select()
    else return
    event.preventDefault()
  }
  return (
    <search aria-label="Find in notebook" className="find-bar" onKeyDown={onKeyDown}>
      <input
        ref={field}
        type="text"
        aria-label="Find"
        placeholder="Find"
        value={find.query}
        onChange={(event) => find.search(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && find.step(event.shiftKey ? -1 : 1)}
        className="find-field"
      />
      <output className="find-count">{countText(find)}</output>
      <IconButton
        label="Match case"
        aria-pressed={find.matchCase}
        onClick={find.toggleCase}
        className={cx(find.matchCase && 'bg-hover!')}
      >
        <CaseSensitive size={16} aria-hidden />
      </IconButton>
      <IconButton
        label="Only in this cell"
        aria-pressed={find.oneCell}
        onClick={find.toggleScope}
        className={cx(find.oneCell && 'bg-hover!')}
      >
        <TextSelect size={15} aria-hidden />
      </IconButton>
      <IconButton label="Previous match" disabled={!find.count} onClick={() => find.step(-1)}>
        <ChevronUp size={15} aria-hidden />
      </IconButton>
      <IconButton label="Next match" disabled={!find.count} onClick={() => find.step(1)}>
        <ChevronDown size={15} aria-hidden />
      </IconButton>
      {!readOnly && (
        <span className="flex items-center gap-1.5">
          <input
            type="text"
            aria-label="Replace with"
            placeholder="Replace with"
            value={replacement}
            onChange={(event) => setReplacement(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && find.replaceOne(replacement)}
            className="find-field"
          />
          <Button size="small" disabled={!find.count} onClick={() => find.replaceOne(replacement)}>
            Replace
          </Button>
          <Button size="small" disabled={!find.count} onClick={() => find.replaceAll(replacement)}>
            All
          </Button>
        </span>
      )}
      <IconButton label="Close" onClick={close}>
        <X size={15} aria-hidden />
      </IconButton>
    </search>
  )
}

function countText({ query, current, count }: { query: string; current: number; count: number }): string {
  if (!query) return ''
  if (!count) return 'none'
  return `${current + 1} of ${count}`
}
