import type { ChartTheme } from '../../frame/messages.ts'
import { themeColour } from '../../ui/theme.ts'

/** The page's colours of this moment, for a chart. */
export function chartTheme(dark: boolean, still: boolean): ChartTheme {
  return {
    dark,
    still,
    ink: themeColour('--ink'),
    muted: themeColour('--muted'),
    line: themeColour('--line'),
    surface: themeColour('--surface'),
    bad: themeColour('--bad'),
    font: getComputedStyle(document.documentElement).getPropertyValue('--font-ui'),
  }
}
