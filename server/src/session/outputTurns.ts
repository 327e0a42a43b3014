/** So far apart are decisions that hold nothing but output, of all notebooks together. */
const SPACING_MS = 4

/**
 * When each notebook may save what its cells print. Few that print get every turn they ask for; of many each gets one in its turn, with
 * what has come until then, so that together they leave the server's time to everybody else.
 */
export class OutputTurns {
  private free = Number.NEGATIVE_INFINITY

  /** The next turn that nobody has, at `soonest` or later. Whoever takes one waits for it before it takes another. */
  take(soonest: number): number {
    const turn = Math.max(soonest, this.free)
    this.free = turn + SPACING_MS
    return turn
  }
}
