import { remembered } from '../../../ui/remembered.ts'
import { Store } from '../../../ui/store.ts'

export const TABS = ['outline', 'variables', 'tables', 'graph', 'history', 'bin'] as const
export type Tab = (typeof TABS)[number]

const KEY = 'rivulet:panel-tab'

/** Which part of the side panel is shown, here and the next time. */
export const chosenTab = new Store<Tab>(TABS.find((tab) => tab === remembered.get(KEY)) ?? 'outline')

export function chooseTab(tab: Tab): void {
  remembered.set(KEY, tab)
  chosenTab.set(tab)
}
