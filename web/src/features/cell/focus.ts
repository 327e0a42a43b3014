let handled = 0

/** True once for each request: a component that mounts later must not act on an old one, or the focus would jump. */
export function claimFocus(turn: number | undefined): boolean {
  if (turn === undefined || turn <= handled) return false
  handled = turn
  return true
}
