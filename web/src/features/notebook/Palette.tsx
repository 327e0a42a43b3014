import { shownName } from '@rivulet/server/notebook/tables'
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { Dialog } from '../../ui/Dialog.tsx'
import { Keys } from '../../ui/Keys.tsx'
import { setTheme, THEMES } from '../../ui/theme.ts'
import { positionOf } from '../cell/names.ts'
import { COMMANDS, type CommandContext } from './shortcuts.ts'

interface Entry {
  id: string
  title: string
  keys?: string
  run: () => void
}

function entriesOf(context: CommandContext): Entry[] {
  const { notebook } = context
  const commands = COMMANDS.filter((command) => !command.keyOnly).map(({ id, title, keys, run }) => ({
    id,
    title,
    keys: keys[0],
    run: () => run(context),
  }))
  const themes = THEMES.map((theme) => ({ id: `theme-${theme}`, title: `Theme: ${theme}`, run: () => setTheme(theme) }))
  const cells = notebook.state.order.flatMap((cellId) => {
    const defines = notebook.state.cells.get(cellId)?.defines ?? []
    if (!defines.length) return []
    const title = `Go to cell ${positionOf(notebook.state, cellId)}: ${defines.map(shownName).join(', ')}`
    return [{ id: `go-${cellId}`, title, run: () => notebook.selection.focus(cellId) }]
  })
  return [...commands, ...themes, ...cells]
}

/** Every letter in order, the closer together the better; `undefined` when it does not match. */
function score(title: string, query: string): number | undefined {
  const text = title.toLowerCase()
  const at = text.indexOf(query)
  if (at >= 0) return at
  let from = 0
  for (const letter of query) {
    const found = text.indexOf(letter, from)
    if (found < 0) return undefined
    from = found + 1
  }
  return 100 + from
}

function matches(entries: Entry[], query: string): Entry[] {
  const wanted = query.trim().toLowerCase()
  if (!wanted) return entries
  return entries
    .flatMap((entry) => {
      const points = score(entry.title, wanted)
      return points === undefined ? [] : [{ entry, points }]
    })
    .sort((a, b) => a.points - b.points)
    .map(({ entry }) => entry)
}

/** Not loaded late: what is typed right behind the keys that open it must not end in a cell. */
export function Palette({ context, onClose }: { context: CommandContext; onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const all = useMemo(() => entriesOf(context), [context])
  const shown = useMemo(() => matches(all, query), [all, query])
  const current = Math.min(at, shown.length - 1)

  const choose = (entry: Entry | undefined) => {
    onClose()
    // After the dialog has given the focus back, so that the command may move it.
    if (entry) setTimeout(entry.run)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (move) {
      event.preventDefault()
      setAt((current + move + shown.length) % Math.max(1, shown.length))
    }
    if (event.key === 'Enter') choose(shown[current])
  }
  return (
    <Dialog title="Commands" look="bare" onClose={onClose}>
      {/* The first thing in the dialog, so the one that opening it focuses. */}
      <input
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={shown.length ? `${id}-${current}` : undefined}
        aria-label="Find a command"
        placeholder="Find a command or a name"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
        className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-muted"
      />
      <div role="listbox" id={id} aria-label="Commands" className="max-h-[50vh] overflow-y-auto p-1.5">
        {shown.map((entry, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys
          <div
            key={entry.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            ref={index === current ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            onPointerMove={() => setAt(index)}
            onClick={() => choose(entry)}
            className="menu-item min-h-8"
          >
            <span className="flex-1 truncate">{entry.title}</span>
            {entry.keys && <Keys combo={entry.keys} />}
          </div>
        ))}
      </div>
      {!shown.length && <p className="px-4 pb-4 text-sm text-muted">Nothing is called that.</p>}
    </Dialog>
  )
}
