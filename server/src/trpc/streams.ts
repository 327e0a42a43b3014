/** What lasts, as subscriptions and sockets: how many of them a user has, and how they are ended. */
export class Streams {
  private readonly open = new Map<string, Set<(why: string) => void>>()
  private readonly perUser: number

  constructor(perUser: number) {
    this.perUser = perUser
  }

  /** `drop` ends it from here. Call what is returned when it is over; undefined when the user has as many as one may have. */
  begin(userId: string, drop: (why: string) => void): (() => void) | undefined {
    const mine = this.open.get(userId) ?? new Set()
    if (mine.size >= this.perUser) return undefined
    this.open.set(userId, mine)
    mine.add(drop)
    return () => {
      mine.delete(drop)
      if (mine.size === 0 && this.open.get(userId) === mine) this.open.delete(userId)
    }
  }

  /** Ends all of a user's, as if the token had ended: clients that still have a session come back. */
  closeUser(userId: string, why: string): void {
    for (const drop of this.open.get(userId) ?? []) drop(why)
  }
}
