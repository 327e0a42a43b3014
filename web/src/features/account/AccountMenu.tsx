import { Database, LogOut, Monitor, Moon, Save, Sun } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { describeError } from '../../trpc.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Menu, type MenuEntry } from '../../ui/Menu.tsx'
import { setTheme, useTheme } from '../../ui/theme.ts'
import { toast } from '../../ui/toast.ts'
import { manageConnections } from '../sql/open.ts'
import { useMe } from './me.ts'
import { session } from './session.ts'

const UpgradeDialog = lazy(() => import('./UpgradeDialog.tsx'))

function signOut(): void {
  session.signOut().catch((error: unknown) => void toast(describeError(error), { tone: 'bad' }))
}

export function AccountMenu() {
  const me = useMe()
  const theme = useTheme()
  const [upgrading, setUpgrading] = useState(false)
  const guest = me?.kind === 'guest'
  const name = guest ? 'Guest' : (me?.name ?? 'You')

  const entries = (): MenuEntry[] => [
    { heading: name },
    ...(guest ? [{ label: 'Save your work with an account', icon: <Save size={14} />, onSelect: () => setUpgrading(true) }] : []),
    { label: 'Database connections', icon: <Database size={14} />, onSelect: manageConnections },
    'separator',
    { heading: 'Theme' },
    { label: 'System', icon: <Monitor size={14} />, checked: theme === 'system', onSelect: () => setTheme('system') },
    { label: 'Light', icon: <Sun size={14} />, checked: theme === 'light', onSelect: () => setTheme('light') },
    { label: 'Dark', icon: <Moon size={14} />, checked: theme === 'dark', onSelect: () => setTheme('dark') },
    'separator',
    { label: 'Sign out', icon: <LogOut size={14} />, onSelect: signOut, ...(guest && { note: 'leaves the guest' }) },
  ]
  return (
    <>
      <Menu
        entries={entries}
        trigger={
          <IconButton label={`Account of ${name}`} className="rounded-full! bg-accent-soft! text-accent! text-xs font-semibold">
            {name.charAt(0).toUpperCase()}
          </IconButton>
        }
      />
      {upgrading && (
        <Suspense fallback={null}>
          <UpgradeDialog onClose={() => setUpgrading(false)} />
        </Suspense>
      )}
    </>
  )
}
