/** Decisions that hold nothing but output are so far apart, of all notebooks together, at least and at most. */
const CLOSEST_MS = 4
const FARTHEST_MS = 20
/** Between these, so that they take no more than this share of the server's time. */
const SHARE = 1 / 10
/** How much one more decision says about what they take. */
const WEIGHT = 1 / 16
/** Who has had a turn within one to two of these prints still. */
const RECENT_MS = 2_000

/**
 * When each notebook may save what its cells print. Few that print get every turn they ask for; of many each gets one in its turn, with
 * what has come until then, so that together they leave the server's time to everybody else.
 */
export class OutputTurns {
  private free = Number.NEGATIVE_INFINITY
  private spacing = CLOSEST_MS
  private recent = new Set<object>()
  private before = new Set<object>()
  private recentFrom = Number.NEGATIVE_INFINITY

  /** The next turn that nobody has, at `soonest` or later. Whoever takes one waits for it before it takes another. */
  take(who: object, soonest: number): number {
    const turn = Math.max(soonest, this.free)
    this.free = turn + this.spacing
    this.count(who, turn)
    return turn
  }

  /** What a turn was used for took so many milliseconds. */
  spent(ms: number): void {
    const apart = Math.min(Math.max(ms / SHARE, CLOSEST_MS), FARTHEST_MS)
    this.spacing += (apart - this.spacing) * WEIGHT
  }

  /** Milliseconds until everybody who prints has had a turn. */
  get round(): number {
    return Math.max(this.recent.size, this.before.size) * this.spacing
  }

  private count(who: object, now: number): void {
    if (now - this.recentFrom >= RECENT_MS) {
      this.before = this.recent
      this.recent = new Set()
      this.recentFrom = now
    }
    this.recent.add(who)
  }
}
