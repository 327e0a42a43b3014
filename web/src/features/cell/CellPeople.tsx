import { cx } from '../../ui/cx.ts'
import { useSelected } from '../../ui/store.ts'
import { useHost } from './host.ts'
import { colourOf, nameOf, othersAmong } from './person.ts'

/** Who else is in this cell. */
export function CellPeople({ cellId }: { cellId: string }) {
  const { view, clientId } = useHost()
  const people = useSelected(view, (now) => now.people)
  const here = othersAmong(people, clientId).filter((person) => person.cellId === cellId)
  return here.map((person) => (
    <span key={person.clientId} className={cx('person-chip', colourOf(person))}>
      {nameOf(person, people, clientId)}
    </span>
  ))
}
