import type { KernelState } from '@rivulet/server/notebook/model'
import { useId } from 'react'
import { useSelected } from '../../../ui/store.ts'
import type { Notebook } from '../Notebook.ts'

const STATUS: Record<KernelState['status'], string> = {
  none: 'not started: it starts with the first query',
  starting: 'starting',
  ready: 'ready',
  busy: 'busy',
  died: 'ended unexpectedly: it starts again with the next query',
}

const SANDBOX: Record<NonNullable<KernelState['sandbox']>, string> = {
  bubblewrap: 'bubblewrap: its process sees no network, no other processes and no files of this machine',
  process:
    'none of the operating system: DuckDB is locked, but its process runs without bubblewrap, which does not work here or is turned off',
}

/** The process that runs the notebook's SQL, where there is SQL. */
export function SqlEngine({ notebook }: { notebook: Notebook }) {
  const engine = useSelected(notebook.view, (view) => view.notebook.kernels.find(({ language }) => language === 'sql'))
  const usesSql = useSelected(notebook.view, (view) =>
    [...view.notebook.cells.values()].some(({ language }) => language === 'sql'),
  )
  const headingId = useId()
  if (!engine && !usesSql) return null
  const runs = engine?.status === 'ready' || engine?.status === 'busy'
  return (
    <section aria-labelledby={headingId} className="mt-6">
      <h3 id={headingId} className="font-semibold">
        SQL engine
      </h3>
      <dl className="kernel-facts mt-1">
        <dt>Status</dt>
        <dd>{STATUS[engine?.status ?? 'none']}</dd>
        <dt>Memory</dt>
        <dd>{runs ? (engine.detail ?? 'not measured yet') : 'none'}</dd>
        {engine?.sandbox && (
          <>
            <dt>Sandbox</dt>
            <dd className={engine.sandbox === 'process' ? 'text-warn' : undefined}>{SANDBOX[engine.sandbox]}</dd>
          </>
        )}
      </dl>
    </section>
  )
}
