import { useEffect, useState } from 'react'
import { remembered } from './remembered.ts'
import { Store, useStore } from './store.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'rivulet:theme'
const dark = window.matchMedia('(prefers-color-scheme: dark)')

function isTheme(value: string | null): value is Theme {
  return THEMES.some((theme) => theme === value)
}

function stored(): Theme {
  const value = remembered.get(KEY)
  return isTheme(value) ? value : 'system'
}

const theme = new Store<Theme>(stored())

function apply(value: Theme): void {
  if (value === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = value
}

export function setTheme(value: Theme): void {
  remembered.set(KEY, value)
  // Before whoever follows it looks at what has become of the colours.
  apply(value)
  theme.set(value)
}

export function startTheme(): void {
  apply(theme.get())
}

export function useTheme(): Theme {
  return useStore(theme)
}

/** Whether the page is dark right now, whatever decided it. */
export function useIsDark(): boolean {
  const chosen = useTheme()
  const [systemDark, setSystemDark] = useState(dark.matches)
  useEffect(() => {
    const follow = () => setSystemDark(dark.matches)
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [])
  return chosen === 'system' ? systemDark : chosen === 'dark'
}

/** A colour of the style sheet as it is now, for documents and libraries that cannot read the page's properties. */
export function themeColour(property: `--${string}`): string {
  const probe = document.createElement('span')
  probe.hidden = true
  probe.style.color = `var(${property})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
