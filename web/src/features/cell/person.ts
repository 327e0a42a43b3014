import type { Presence } from '@rivulet/server/notebook/model'

/** Everybody but this page. */
export function othersAmong(people: readonly Presence[], clientId: string): Presence[] {
  return people.filter((person) => person.clientId !== clientId)
}

/** What to call somebody: one's own other tab is no stranger. */
export function nameOf({ name, userId }: Presence, people: readonly Presence[], clientId: string): string {
  const me = people.find((person) => person.clientId === clientId)
  return me?.userId === userId ? `${name} (you)` : name
}

/** The class that sets a person's colour. */
export function colourOf({ colour = 0 }: Presence): string {
  return `person-${colour % 8}`
}
