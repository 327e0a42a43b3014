import type { Cell } from '@rivulet/server/notebook/model'
import { plural } from '../../ui/format.ts'
import { Unfold } from '../../ui/Unfold.tsx'
import { useHost, useOfDraft } from './host.ts'

/** What stands for code that is folded: whoever sees a result can see that there is code behind it. */
export function FoldedCode({ cell }: { cell: Cell }) {
  const { actions, readOnly } = useHost()
  const lines = useOfDraft(cell.id, ({ text }) => text.split('\n').length)
  const words = `${plural(lines, 'line')} of code folded`
  if (readOnly) return <p className="cell-folded">{words}</p>
  return (
    <Unfold className="cell-folded" onUnfold={() => actions.set([cell.id], { hidden: false })}>
      {words}
    </Unfold>
  )
}
