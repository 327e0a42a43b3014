/** Who follows a notebook, and how many decisions each of them has not been given yet. */
export class Readers {
  private readonly behind = new Set<() => number>()

  /** Call what is returned when the reader is gone. */
  join(behind: () => number): () => void {
    this.behind.add(behind)
    return () => void this.behind.delete(behind)
  }

  get count(): number {
    return this.behind.size
  }

  /** Of the slowest; 0 when there is none. */
  get furthestBehind(): number {
    let most = 0
    for (const behind of this.behind) most = Math.max(most, behind())
    return most
  }
}
