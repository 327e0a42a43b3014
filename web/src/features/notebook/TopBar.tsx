import { Database, Ellipsis, Globe, Keyboard, PanelLeft, Play, RotateCcw, Search, Square } from 'lucide-react'
import { Link } from 'wouter'
import { useClients } from '../../trpc.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { cx } from '../../ui/cx.ts'
import { writeKeys } from '../../ui/Keys.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { Menu, type MenuEntry } from '../../ui/Menu.tsx'
import { useSelected, useStore } from '../../ui/store.ts'
import { AccountMenu } from '../account/AccountMenu.tsx'
import { ThemeButton } from '../account/ThemeButton.tsx'
import { ConnectionBadge } from '../connection/ConnectionBadge.tsx'
import { busyCount, staleCount } from './counts.ts'
import { People } from './People.tsx'
import { Switcher } from './Switcher.tsx'
import type { CommandContext } from './shortcuts.ts'

export function TopBar({ context }: { context: CommandContext }) {
  const { notebook, page } = context
  const { connection } = useClients()
  return (
    <header className="flex h-13 items-center gap-1.5 border-b border-line bg-surface px-2.5 sm:gap-2 sm:px-3">
      <IconButton label="Side panel" keys={writeKeys('Mod+B')} onClick={page.togglePanel}>
        <PanelLeft size={16} aria-hidden />
      </IconButton>
      <Link href="/" aria-label="Rivulet, all notebooks" className="rounded-lg max-sm:hidden">
        <Logo />
      </Link>
      <Switcher notebook={notebook} />
      <span className="flex-1" />
      <People notebook={notebook} />
      <ConnectionBadge connection={connection} />
      <RunButtons context={context} />
      <IconButton label="Commands" keys={writeKeys('Mod+K')} onClick={page.openPalette} className="max-sm:hidden">
        <Search size={15} aria-hidden />
      </IconButton>
      <ThemeButton />
      <PageMenu context={context} />
      <AccountMenu />
    </header>
  )
}

/** One primary button whose label says what it would do. */
function RunButtons({ context: { notebook } }: { context: CommandContext }) {
  const stale = useSelected(notebook.view, staleCount)
  const busy = useSelected(notebook.view, busyCount) > 0
  return (
    <div className="flex gap-1.5">
      <Button
        variant="primary"
        onClick={() => void (stale ? notebook.runStale() : notebook.runAll())}
        className={cx('max-sm:px-2.5', busy && 'max-sm:hidden')}
      >
        <Play size={13} aria-hidden />
        <span className="max-sm:sr-only">{stale ? `Run stale (${stale})` : 'Run all'}</span>
      </Button>
      <Button
        disabled={!busy}
        onClick={() => void notebook.interrupt()}
        className={cx('max-sm:px-2.5', !busy && 'max-sm:hidden')}
      >
        <Square size={12} aria-hidden />
        <span className="max-sm:sr-only">Stop</span>
      </Button>
    </div>
  )
}

function PageMenu({ context: { notebook, page } }: { context: CommandContext }) {
  const mode = useSelected(notebook.view, (view) => view.notebook.mode)
  const onEdit = useStore(notebook.runOnEdit.chosen)
  const cutoff = useSelected(notebook.view, (view) => view.notebook.cutoff)
  const entries = (): MenuEntry[] => [
    { label: 'Run all cells', icon: <Play size={14} />, onSelect: () => void notebook.runAll() },
    { label: 'Restart the kernel', icon: <RotateCcw size={14} />, onSelect: () => void notebook.restartKernel() },
    { label: 'Kernel and network', icon: <Globe size={14} />, onSelect: page.openKernel },
    { label: 'Database connections', icon: <Database size={14} />, onSelect: page.openConnections },
    'separator',
    { heading: 'When a cell has run' },
    { label: 'Run what depends on it', checked: mode === 'auto', onSelect: () => void notebook.setNotebook({ mode: 'auto' }) },
    {
      label: 'Mark what depends on it stale',
      checked: mode === 'lazy',
      onSelect: () => void notebook.setNotebook({ mode: 'lazy' }),
    },
    'separator',
    { heading: 'When you stop typing in a cell' },
    { label: 'Wait until it is run', checked: !onEdit, onSelect: () => notebook.runOnEdit.choose(false) },
    { label: 'Run it, unless it is SQL', checked: onEdit, onSelect: () => notebook.runOnEdit.choose(true) },
    'separator',
    { heading: 'When what a cell uses is equal to before' },
    { label: 'Run it all the same', checked: !cutoff, onSelect: () => void notebook.setNotebook({ cutoff: false }) },
    { label: 'Keep its result', checked: cutoff, onSelect: () => void notebook.setNotebook({ cutoff: true }) },
    'separator',
    { label: 'All commands', icon: <Search size={14} />, keys: 'Mod+K', onSelect: page.openPalette },
    { label: 'Keyboard shortcuts', icon: <Keyboard size={14} />, keys: '?', onSelect: page.openHelp },
  ]
  return (
    <Menu
      entries={entries}
      trigger={
        <IconButton label="Notebook menu">
          <Ellipsis size={16} aria-hidden />
        </IconButton>
      }
    />
  )
}
