import type { KernelState } from '@rivulet/server/notebook/model'
import { RotateCcw } from 'lucide-react'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { useSelected } from '../../../ui/store.ts'
import { kernelOf } from '../counts.ts'
import type { Notebook } from '../Notebook.ts'
import { Hosts } from './Hosts.tsx'
import { SqlEngine } from './SqlEngine.tsx'

const STATUS: Record<KernelState['status'], string> = {
  none: 'not started: it starts with the next run',
  starting: 'starting',
  ready: 'ready',
  busy: 'busy',
  died: 'died',
}

/** What runs the cells: how it is, how much memory it takes, and what it may reach. */
export default function KernelDialog({ notebook, onClose }: { notebook: Notebook; onClose: () => void }) {
  const kernel = useSelected(notebook.view, (view) => kernelOf(view.notebook))
  const readOnly = useSelected(notebook.view, (view) => view.notebook.role === 'viewer')
  const status = kernel?.status ?? 'none'
  const runs = status === 'ready' || status === 'busy'
  return (
    <Dialog title="Kernel and network" onClose={onClose}>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
        <dl className="kernel-facts">
          <dt>Status</dt>
          <dd>
            {STATUS[status]}
            {status === 'died' && kernel?.detail && `: ${kernel.detail}`}
          </dd>
          <dt>Memory</dt>
          <dd>{runs ? (kernel?.detail ?? 'not measured yet') : 'none'}</dd>
          <dt>Sandbox</dt>
          <dd>Deno: cells run without permissions</dd>
          <dt>Files</dt>
          <dd>none: cells see no files and no environment</dd>
        </dl>
        {!readOnly && (
          <div className="mt-3 flex flex-wrap items-center gap-3">
            <Button onClick={() => void notebook.restartKernel()}>
              <RotateCcw size={14} aria-hidden /> Restart the kernel
            </Button>
            <span className="text-sm text-muted">Values are forgotten, outputs stay.</span>
          </div>
        )}
        <SqlEngine notebook={notebook} />
        <Hosts notebook={notebook} />
      </div>
    </Dialog>
  )
}
