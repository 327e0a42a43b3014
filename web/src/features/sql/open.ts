import { Store } from '../../ui/store.ts'

/** Whether the dialog of the connections is shown; it is opened from cells, menus and the palette. */
export const connectionsShown = new Store(false)

export function manageConnections(): void {
  connectionsShown.set(true)
}
