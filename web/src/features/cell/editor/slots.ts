/** How many unfocused editors stay alive; the longest unseen go back to plain text. */
const MOST = 30

export interface Slot {
  /** Whether it may go: not focused, not on the screen. */
  idle: () => boolean
  release: () => void
}

const slots = new Set<Slot>()

export function takeSlot(slot: Slot): void {
  slots.delete(slot)
  slots.add(slot)
  if (slots.size <= MOST) return
  for (const other of slots) {
    if (slots.size <= MOST) return
    if (other === slot || !other.idle()) continue
    slots.delete(other)
    other.release()
  }
}

export function leaveSlot(slot: Slot): void {
  slots.delete(slot)
}
