import type { Cell, Output } from '@rivulet/server/notebook/model'
import { lazy, Suspense } from 'react'
import { cx } from '../../ui/cx.ts'
import { plural } from '../../ui/format.ts'
import { useSelected } from '../../ui/store.ts'
import { useDelayed } from '../../ui/useDelayed.ts'
import { inputIn } from '../input/inputIn.ts'
import { OutputView } from '../output/OutputView.tsx'
import { TableHelpContext } from '../output/tableHelp.ts'
import { CALM_MS } from './CellStatus.tsx'
import { ErrorView } from './ErrorView.tsx'
import { useHost, useOutputs } from './host.ts'
import { useTableHelp } from './sql/useTableHelp.ts'

const InputView = lazy(() => import('../input/InputView.tsx'))

/** What the cell showed last; dimmed while something newer is on its way, so nothing jumps. */
export function CellOutput({ cell, position }: { cell: Cell; position: number }) {
  const { foldedOutputs, actions } = useHost()
  const outputs = useOutputs(cell.id)
  const folded = useSelected(foldedOutputs, (cells) => cells.has(cell.id))
  const busy = useDelayed(cell.status !== 'idle', CALM_MS)
  const failed = cell.result.kind === 'error' && cell.status !== 'running'
  if (!outputs.length && !failed) return null
  if (folded) {
    return (
      <button type="button" className="cell-folded" onClick={() => actions.foldOutput(cell.id)}>
        {plural(outputs.length + (failed ? 1 : 0), 'output')} folded
      </button>
    )
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls, not results
    <div
      role="group"
      aria-label={`Output of cell ${position}`}
      className={cx(
        'cell-output',
        (busy || cell.stale) && 'cell-output-old',
        cell.language === 'markdown' && 'cell-output-prose',
      )}
    >
      {outputs.map((output, index) => (
        // The place, not the output's id: a re-run's chart takes the frame of the old one instead of flickering.
        <OneOutput key={index} output={output} cell={cell} index={index} />
      ))}
      {failed && cell.result.kind === 'error' && <ErrorView cell={cell} error={cell.result.error} />}
    </div>
  )
}

/** An input talks back; everything else is only looked at. */
function OneOutput({ output, cell, index }: { output: Output; cell: Cell; index: number }) {
  const { actions, readOnly } = useHost()
  const help = useTableHelp(cell)
  const cellId = cell.id
  const input = output.kind === 'stream' ? undefined : inputIn(output.data)
  if (!input) {
    return (
      <TableHelpContext value={help}>
        <OutputView output={output} slot={`${cellId}/${index}`} />
      </TableHelpContext>
    )
  }
  return (
    <div className="output" data-output="input">
      <Suspense fallback={<div style={{ minHeight: 32 }} />}>
        <InputView input={input} disabled={readOnly} onChange={(value) => actions.setInput(cellId, input.id, value)} />
      </Suspense>
    </div>
  )
}
