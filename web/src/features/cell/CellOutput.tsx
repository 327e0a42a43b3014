import type { Cell, Output } from '@rivulet/server/notebook/model'
import { lazy, Suspense, useState } from 'react'
import { cx } from '../../ui/cx.ts'
import { plural } from '../../ui/format.ts'
import { useSelected } from '../../ui/store.ts'
import { Unfold } from '../../ui/Unfold.tsx'
import { useDelayed } from '../../ui/useDelayed.ts'
import { inputIn } from '../input/inputIn.ts'
import { OutputView } from '../output/OutputView.tsx'
import { TextOutput } from '../output/TextOutput.tsx'
import { TableHelpContext } from '../output/tableHelp.ts'
import { CALM_MS } from './CellStatus.tsx'
import { ErrorView } from './ErrorView.tsx'
import { useHost, useOutputs } from './host.ts'
import { useTableHelp } from './sql/useTableHelp.ts'

/** A cell that prints in a loop shows so many outputs and its last one: each is an element with frames and menus of its own. */
const SHOWN_AT_ONCE = 200

const InputView = lazy(() => import('../input/InputView.tsx'))

/** What the cell shows; what a newer run will replace is dimmed and stays in its place, so nothing jumps. */
export function CellOutput({ cell, position }: { cell: Cell; position: number }) {
  const { foldedOutputs, actions } = useHost()
  const { outputs, fresh } = useOutputs(cell.id)
  const folded = useSelected(foldedOutputs, (cells) => cells.has(cell.id))
  const busy = useDelayed(cell.status !== 'idle', CALM_MS)
  const running = cell.status === 'running'
  const isOld = (index: number) => cell.stale || (index < fresh ? busy && !running : busy || cell.status === 'idle')
  // An error is of the run before, too: until this one has ended it stays, unless it already shows something.
  const failed = cell.result.kind === 'error' && !(running && fresh)
  if (!outputs.length && !failed) return null
  if (folded) {
    return (
      <Unfold className="cell-folded" onUnfold={() => actions.foldOutput(cell.id)}>
        {plural(outputs.length + (failed ? 1 : 0), 'output')} folded
      </Unfold>
    )
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls, not results
    <div
      role="group"
      aria-label={`Output of cell ${position}`}
      className={cx('cell-output', cell.language === 'markdown' && 'cell-output-prose')}
    >
      <OutputList outputs={outputs} isOld={isOld} cell={cell} />
      {cell.tail !== undefined && <Tail text={cell.tail} position={position} />}
      {failed && cell.result.kind === 'error' && <ErrorView cell={cell} error={cell.result.error} />}
    </div>
  )
}

/** What a run prints whose output is full already: the lines that came last, until it ends. */
function Tail({ text, position }: { text: string; position: number }) {
  return (
    <section
      className="output output-tail"
      data-output="tail"
      aria-label={`Latest lines of cell ${position}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by keyboard, too
      tabIndex={0}
    >
      <TextOutput text={text} />
    </section>
  )
}

interface ListProps {
  outputs: readonly Output[]
  isOld: (index: number) => boolean
  cell: Cell
}

function OutputList({ outputs, isOld, cell }: ListProps) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE)
  const last = outputs.length - 1
  // The place, not the output's id: a re-run's chart takes the frame of the old one instead of flickering.
  const at = (output: Output, index: number) => (
    <OneOutput key={index} output={output} old={isOld(index)} cell={cell} index={index} />
  )
  return (
    <>
      {outputs.slice(0, shown).map(at)}
      {last > shown && (
        <Unfold className="cell-folded" onUnfold={() => setShown(shown + 5 * SHOWN_AT_ONCE)}>
          Show {plural(last - shown, 'more output')}
        </Unfold>
      )}
      {last >= shown && outputs.slice(last).map((output) => at(output, last))}
    </>
  )
}

/** An input talks back; everything else is only looked at. */
function OneOutput({ output, old, cell, index }: { output: Output; old: boolean; cell: Cell; index: number }) {
  const { actions, readOnly } = useHost()
  const help = useTableHelp(cell)
  const cellId = cell.id
  const input = output.kind === 'stream' ? undefined : inputIn(output.data)
  if (!input) {
    return (
      <TableHelpContext value={help}>
        <OutputView output={output} old={old} slot={`${cellId}/${index}`} />
      </TableHelpContext>
    )
  }
  return (
    <div className={cx('output', old && 'output-old')} data-output="input">
      <Suspense fallback={<div style={{ minHeight: 32 }} />}>
        <InputView input={input} disabled={readOnly} onChange={(value) => actions.setInput(cellId, input.id, value)} />
      </Suspense>
    </div>
  )
}
