import type { Presence } from '@rivulet/server/notebook/model'
import { cx } from '../../ui/cx.ts'
import { useSelected } from '../../ui/store.ts'
import { positionOf } from '../cell/names.ts'
import { colourOf, nameOf, othersAmong } from '../cell/person.ts'
import type { Notebook } from './Notebook.ts'

const SHOWN = 4

/** Who else has the notebook open; a click goes to where they are. */
export function People({ notebook }: { notebook: Notebook }) {
  const people = useSelected(notebook.view, (view) => view.people)
  const others = othersAmong(people, notebook.clientId)
  if (!others.length) return null
  const more = others.length - SHOWN
  return (
    <ul aria-label="Also here" className="people">
      {others.slice(0, SHOWN).map((person) => (
        <li key={person.clientId}>
          <Avatar notebook={notebook} person={person} name={nameOf(person, people, notebook.clientId)} />
        </li>
      ))}
      {more > 0 && <li className="self-center pl-1.5 text-xs text-muted">+{more}</li>}
    </ul>
  )
}

function Avatar({ notebook, person, name }: { notebook: Notebook; person: Presence; name: string }) {
  const { cellId } = person
  const position = useSelected(notebook.view, (view) => (cellId ? positionOf(view.notebook, cellId) : 0))
  const label = position ? `${name}, in cell ${position}` : name
  const look = { className: cx('person-avatar', colourOf(person)), 'data-tip': label, 'aria-label': label }
  const initial = [...name][0]?.toUpperCase()
  if (!cellId || !position) {
    return (
      <span role="img" {...look}>
        {initial}
      </span>
    )
  }
  return (
    <button type="button" {...look} onClick={() => notebook.selection.focus(cellId)}>
      {initial}
    </button>
  )
}
