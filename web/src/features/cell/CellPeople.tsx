import { useSelected } from '../../ui/store.ts'
import { useHost } from './host.ts'

/** Who else is in this cell. */
export function CellPeople({ cellId }: { cellId: string }) {
  const { view } = useHost()
  const names = useSelected(view, ({ people }) =>
    people
      .filter((person) => person.cellId === cellId)
      .map((person) => person.name)
      .join(', '),
  )
  return names ? <span className="chip">{names}</span> : null
}
