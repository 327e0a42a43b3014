import { Dialog } from '../../ui/Dialog.tsx'
import { Keys } from '../../ui/Keys.tsx'
import { EDITOR_KEYS } from './editorKeys.ts'
import { COMMANDS, type Command } from './shortcuts.ts'

const GROUPS: Command['group'][] = ['Run', 'Cells', 'Move', 'View']

export default function HelpSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} className="w-[min(46rem,calc(100vw-2rem))]!">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <div className="overflow-y-auto p-5 pt-4" tabIndex={0}>
        <p className="mb-4 text-sm text-muted">
          Single letters work when a cell has the focus, not its editor. Escape leaves the editor; Enter goes into it.
        </p>
        <div className="columns-1 gap-10 sm:columns-2">
          {GROUPS.map((group) => (
            <Group
              key={group}
              title={group}
              rows={COMMANDS.filter((command) => command.group === group && command.keys.length > 0)}
            />
          ))}
          <Group title="In the editor" rows={EDITOR_KEYS.map(({ title, keys }) => ({ id: keys, title, keys: [keys] }))} />
        </div>
      </div>
    </Dialog>
  )
}

function Group({ title, rows }: { title: string; rows: readonly { id: string; title: string; keys: readonly string[] }[] }) {
  return (
    <section className="mb-5 break-inside-avoid">
      <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
      <dl className="text-sm">
        {rows.map(({ id, title: name, keys }) => (
          <div key={id} className="flex items-baseline justify-between gap-4 py-0.5">
            <dt>{name}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.map((combo) => (
                <Keys key={combo} combo={combo} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
