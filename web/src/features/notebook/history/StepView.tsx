import { Button } from '../../../ui/Button.tsx'
import { useSelected } from '../../../ui/store.ts'
import { LANGUAGE_NAMES } from '../../cell/languageNames.ts'
import { positionOf } from '../../cell/names.ts'
import type { Notebook } from '../Notebook.ts'
import { Diff } from './Diff.tsx'
import { capital, cellName, namesOf, type Step, settingsText } from './describe.ts'
import type { Side } from './restore.ts'

interface Props {
  notebook: Notebook
  step: Step
  onJump: (cellId: string) => void
  /** Absent for who may not. */
  onRestore: ((side: Side, cellId: string) => void) | undefined
}

const DONE: Record<Step['kind'], string> = {
  edited: 'edited',
  inserted: 'added',
  deleted: 'deleted',
  moved: 'moved',
  set: 'settings',
  renamed: 'renamed',
}

/** One thing that was done: where, by whom, and how the text was and is. */
export function StepView({ notebook, step, onJump, onRestore }: Props) {
  const cellId = 'cellId' in step ? step.cellId : undefined
  const name = useSelected(notebook.view, (view) => (cellId === undefined ? 'the title' : cellName(view.notebook, cellId)))
  const isThere = useSelected(notebook.view, (view) => cellId !== undefined && view.notebook.cells.has(cellId))
  return (
    <section aria-label={capital(name)} className="mb-5">
      <header className="mb-1.5 flex flex-wrap items-baseline gap-x-2 text-sm">
        {isThere && cellId !== undefined ? (
          <button type="button" className="link font-medium" onClick={() => onJump(cellId)}>
            {capital(name)}
          </button>
        ) : (
          <span className="font-medium">{capital(name)}</span>
        )}
        <span className="text-muted">
          {DONE[step.kind]} by {namesOf(step.by)}
        </span>
      </header>
      <Body step={step} />
      {onRestore && cellId !== undefined && <Ways notebook={notebook} step={step} cellId={cellId} onRestore={onRestore} />}
    </section>
  )
}

function Body({ step }: { step: Step }) {
  switch (step.kind) {
    case 'edited':
      return <Diff before={step.before} after={step.after} />
    case 'inserted':
      return <Text language={LANGUAGE_NAMES[step.content.language].name} before="" after={step.content.source} />
    case 'deleted':
      return <Text language={LANGUAGE_NAMES[step.content.language].name} before={step.content.source} after="" />
    case 'moved':
      return (
        <p className="text-sm text-muted">
          From place {step.from + 1} to place {step.to + 1}.
        </p>
      )
    case 'set':
      return <p className="text-sm text-muted">{capital(settingsText(step))}.</p>
    case 'renamed':
      return (
        <p className="text-sm text-muted">
          “{step.before}” → “{step.after}”
        </p>
      )
  }
}

function Text({ language, before, after }: { language: string; before: string; after: string }) {
  if (before === after) return <p className="text-sm text-muted">{language}, without text.</p>
  return <Diff before={before} after={after} />
}

/** How the cell was, on either side of the step. */
function texts(step: Step): { before: string | undefined; after: string | undefined } {
  switch (step.kind) {
    case 'edited':
      return step
    case 'inserted':
      return { before: undefined, after: step.content.source }
    case 'deleted':
      return { before: step.content.source, after: undefined }
    default:
      return { before: undefined, after: undefined }
  }
}

/** Only what would change something: a text that the cell has already is not offered. */
function Ways({
  notebook,
  step,
  cellId,
  onRestore,
}: {
  notebook: Notebook
  step: Step
  cellId: string
  onRestore: (side: Side, cellId: string) => void
}) {
  const now = useSelected(notebook.view, (view) => view.notebook.cells.get(cellId)?.source)
  const position = useSelected(notebook.view, (view) => positionOf(view.notebook, cellId))
  const { before, after } = texts(step)
  const offered: [Side, string][] = []
  if (before !== undefined && before !== now)
    offered.push(['before', position > 0 ? 'Restore the text before' : 'Bring this cell back'])
  if (after !== undefined && after !== now)
    offered.push(['after', position > 0 ? 'Restore the text after' : 'Bring this cell back'])
  if (offered.length === 0) return null
  return (
    <div className="mt-2 flex flex-wrap gap-2">
      {offered.map(([side, label]) => (
        <Button key={side} size="small" onClick={() => onRestore(side, cellId)}>
          {label}
        </Button>
      ))}
    </div>
  )
}
