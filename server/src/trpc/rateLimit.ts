const SWEEP_FROM = 1_000

/** A token bucket a user: `perMinute` requests, a quarter of them at once. */
export class RateLimit {
  private readonly buckets = new Map<string, { tokens: number; at: number }>()
  private readonly perMs: number
  private readonly burst: number
  private readonly now: () => number
  private sweepAt = SWEEP_FROM

  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.perMs = perMinute / 60_000
    this.burst = Math.max(1, perMinute / 4)
    this.now = now
  }

  /** Users of whom something is remembered. */
  get size(): number {
    return this.buckets.size
  }

  /** Takes one request; returns 0, or the milliseconds to wait for the next. */
  take(userId: string): number {
    const now = this.now()
    const bucket = this.buckets.get(userId) ?? { tokens: this.burst, at: now }
    const tokens = Math.min(this.burst, bucket.tokens + (now - bucket.at) * this.perMs)
    const granted = tokens >= 1
    this.buckets.set(userId, { tokens: granted ? tokens - 1 : tokens, at: now })
    this.forgetFull(now)
    return granted ? 0 : Math.ceil((1 - tokens) / this.perMs)
  }

  /** A full bucket says nothing: forget it, so that the map holds active users only. */
  private forgetFull(now: number): void {
    if (this.buckets.size < this.sweepAt) return
    for (const [userId, bucket] of this.buckets) {
      if (bucket.tokens + (now - bucket.at) * this.perMs >= this.burst) this.buckets.delete(userId)
    }
    // Next when there are twice as many, so that no request pays for everybody.
    this.sweepAt = Math.max(SWEEP_FROM, this.buckets.size * 2)
  }
}
