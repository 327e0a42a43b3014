import { Monitor, Moon, Sun } from 'lucide-react'
import { IconButton } from '../../ui/Button.tsx'
import { setTheme, THEMES, type Theme, useTheme } from '../../ui/theme.ts'

const ICONS = { system: Monitor, light: Sun, dark: Moon }

function next(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
}

export function ThemeButton() {
  const theme = useTheme()
  const Icon = ICONS[theme]
  return (
    <IconButton label={`Theme: ${theme}`} onClick={() => setTheme(next(theme))} className="max-sm:hidden">
      <Icon size={15} aria-hidden />
    </IconButton>
  )
}
