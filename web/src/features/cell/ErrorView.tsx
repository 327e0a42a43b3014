import type { NotebookState } from '@rivulet/server/notebook/evolve'
import type { Cell, CellError } from '@rivulet/server/notebook/model'
import { shownName, tableOf } from '@rivulet/server/notebook/tables'
import type { ReactNode } from 'react'
import { Button } from '../../ui/Button.tsx'
import { useSelected } from '../../ui/store.ts'
import { useHost } from './host.ts'
import { positionOf } from './names.ts'

/** What went wrong, where in the person's own lines, and what would mend it. */
export function ErrorView({ cell, error }: { cell: Cell; error: CellError }) {
  return (
    <div className="cell-error">
      <ErrorBody cell={cell} error={error} />
    </div>
  )
}

function ErrorBody({ cell, error }: { cell: Cell; error: CellError }) {
  switch (error.kind) {
    case 'syntax':
      return <Located cell={cell} title="Syntax error" message={error.message} line={error.line} column={error.column} />
    case 'database':
      return <Located cell={cell} title={<DatabaseTitle code={error.code} />} {...error} />
    case 'missing':
      return (
        <Located
          cell={cell}
          title={`${error.name} is not defined`}
          message="No cell defines this name. The cell runs by itself as soon as one does."
          line={error.line}
          column={error.column}
        />
      )
    case 'external-assignment':
      return (
        <Located
          cell={cell}
          title={`${error.names.join(', ')} belongs to another cell`}
          message="A cell may read another cell's names, not assign to them. Give the new value a name of its own."
          line={error.line}
          column={error.column}
        />
      )
    case 'thrown':
      return <Thrown cell={cell} error={error} />
    case 'duplicate':
      return <Duplicate cell={cell} error={error} />
    case 'cycle':
      return <Cycle error={error} />
    case 'timeout':
    case 'kernel-died':
    case 'limit':
      return (
        <Message title={{ timeout: 'Timed out', 'kernel-died': 'The kernel stopped', limit: 'Limit reached' }[error.kind]}>
          {error.message}
        </Message>
      )
  }
}

function Message({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <>
      <p className="font-semibold text-bad">{title}</p>
      {children && <p className="mt-0.5 whitespace-pre-wrap">{children}</p>}
    </>
  )
}

/** The code is what one looks up in the database's manual. */
function DatabaseTitle({ code }: { code?: string | undefined }) {
  return <>Database error {code !== undefined && <code className="chip">{code}</code>}</>
}

interface LocatedProps {
  cell: Cell
  title: ReactNode
  message: string
  line?: number
  column?: number
}

function Located({ cell, title, message, line, column }: LocatedProps) {
  return (
    <>
      <Message title={title}>{message}</Message>
      {line !== undefined && <SourceLine source={cell.source} line={line} column={column} />}
    </>
  )
}

/** The person's own line with a caret under the place. */
function SourceLine({ source, line, column }: { source: string; line: number; column?: number }) {
  const text = source.split('\n')[line - 1]
  if (text === undefined) return null
  const before = text.slice(0, (column ?? 1) - 1).replace(/[^\t]/g, ' ')
  return (
    <pre className="cell-error-line">
      <span className="text-muted">{String(line).padStart(3)} │ </span>
      {text}
      {column !== undefined && `\n${' '.repeat(3)} │ ${before}^`}
    </pre>
  )
}

function Thrown({ cell, error }: { cell: Cell; error: Extract<CellError, { kind: 'thrown' }> }) {
  const own = error.frames.find((frame) => frame.cell === cell.id)
  return (
    <>
      <p className="whitespace-pre-wrap">
        <span className="font-semibold text-bad">{error.name}</span>
        {error.message && `: ${error.message}`}
      </p>
      {own && <SourceLine source={cell.source} line={own.line} column={own.column} />}
      {error.frames.length > 0 && (
        <ul className="mt-1.5 text-xs text-muted">
          {error.frames.map((frame) => (
            <li key={`${frame.cell}:${frame.line}:${frame.column}:${frame.in ?? ''}`}>
              at {frame.in && <code>{frame.in} </code>}
              <CellLink cellId={frame.cell} suffix={`, line ${frame.line}`} />
            </li>
          ))}
        </ul>
      )}
      {error.cause && <p className="mt-1.5 text-xs whitespace-pre-wrap text-muted">Caused by {error.cause}</p>}
    </>
  )
}

/** `total2`, or the first number behind it that no cell uses. */
function freeName(notebook: NotebookState, name: string): string {
  const taken = new Set([...notebook.cells.values()].flatMap(({ defines, uses }) => [...defines, ...uses]))
  let number = 2
  while (taken.has(`${name}${number}`)) number += 1
  return `${name}${number}`
}

function Duplicate({ cell, error }: { cell: Cell; error: Extract<CellError, { kind: 'duplicate' }> }) {
  const { view, drafts, actions, readOnly } = useHost()
  const others = error.cells.filter((cellId) => cellId !== cell.id)
  const rename = async (called: (name: string) => string) => {
    const { resultName } = cell
    if (resultName !== undefined && error.names.includes(resultName)) actions.set([cell.id], { resultName: called(resultName) })
    // The button goes with the error.
    actions.goTo(cell.id)
    // In SQL nothing else defines a name that could be called otherwise.
    if (cell.language === 'sql') return
    const { renameIn } = await import('./editor/rename.ts')
    const { text } = drafts.get(cell.id).get()
    drafts.type(
      cell.id,
      error.names.reduce((source, name) => renameIn(source, name, called(name)), text),
    )
  }
  if (error.files !== undefined) {
    return (
      <Message title={`${error.names.map(shownName).join(', ')} is a file of this notebook already`}>
        {`The table comes from ${error.files.join(', ')}. Call the one in this cell otherwise, or remove the file.`}
      </Message>
    )
  }
  return (
    <>
      <p>
        <span className="font-semibold text-bad">{error.names.map(shownName).join(', ')}</span>{' '}
        {error.names.length > 1 ? 'are' : 'is'} also defined in{' '}
        {others.map((cellId, index) => (
          <span key={cellId}>
            {index > 0 && ', '}
            <CellLink cellId={cellId} />
          </span>
        ))}
        . None of these cells runs until only one is left.
      </p>
      {!readOnly && !error.names.some(tableOf) && (
        <div className="mt-2.5 flex flex-wrap gap-2">
          <Button size="small" onClick={() => void rename((name) => freeName(view.get().notebook, name))}>
            Rename it in this cell
          </Button>
          <Button
            size="small"
            data-tip="Names that begin with _ are private to their cell"
            onClick={() => void rename((name) => `_${name}`)}
          >
            Make it private to this cell
          </Button>
        </div>
      )}
    </>
  )
}

function Cycle({ error }: { error: Extract<CellError, { kind: 'cycle' }> }) {
  return (
    <>
      <Message title="These cells wait for each other" />
      <ol className="mt-1.5 flex flex-wrap items-center gap-1.5">
        {error.path.map(({ cell, name }, index) => (
          <li key={`${cell}:${name}`} className="flex items-center gap-1.5">
            {index > 0 && <span aria-hidden>→</span>}
            <CellLink cellId={cell} /> <code className="chip">{shownName(name)}</code>
          </li>
        ))}
        {error.more !== undefined && <li>… and {error.more} more</li>}
      </ol>
      <p className="mt-1.5 text-sm text-muted">Move what both need into a cell of its own.</p>
    </>
  )
}

function CellLink({ cellId, suffix = '' }: { cellId: string; suffix?: string }) {
  const { view, actions } = useHost()
  const position = useSelected(view, ({ notebook }) => positionOf(notebook, cellId))
  if (!position) return <span>a deleted cell{suffix}</span>
  return (
    <button type="button" className="link" onClick={() => actions.goTo(cellId, 'editor')}>
      cell {position}
      {suffix}
    </button>
  )
}
