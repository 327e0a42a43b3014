/** A place that can hold a live frame. */
export interface FramePlace {
  near: boolean
  setLive: (live: boolean) => void
}

/** Every frame costs memory: beyond so many, those that came near the screen the longest ago and are far from it go. */
export class LiveFrames {
  readonly #most: number
  /** The one that came near last is last. */
  #live: FramePlace[] = []

  constructor(most: number) {
    this.#most = most
  }

  approach(place: FramePlace): void {
    place.near = true
    this.#live = [...this.#live.filter((other) => other !== place), place]
    place.setLive(true)
    this.#tidy()
  }

  depart(place: FramePlace): void {
    place.near = false
    this.#tidy()
  }

  remove(place: FramePlace): void {
    this.#live = this.#live.filter((other) => other !== place)
  }

  #tidy(): void {
    const far = this.#live.filter(({ near }) => !near)
    for (const place of far.slice(0, Math.max(0, this.#live.length - this.#most))) {
      this.remove(place)
      place.setLive(false)
    }
  }
}
