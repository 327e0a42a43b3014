import type { Command } from '../shortcuts.ts'
import { TABS } from './tabs.ts'

export const PANEL_COMMANDS: readonly Command[] = TABS.map((tab) => ({
  id: `panel-${tab}`,
  title: `Side panel: ${tab}`,
  group: 'View',
  keys: [],
  when: 'anywhere',
  run: ({ page }) => page.showPanel(tab),
}))
