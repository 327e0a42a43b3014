import type { AppRouter } from '@rivulet/server/api'
import type { NotebookEvent } from '@rivulet/server/notebook/events'
import type { TRPCClient } from '@trpc/client'
import { isUnreachable, problemOf } from '../../failures.ts'

export interface FollowingOptions {
  api: TRPCClient<AppRouter>
  id: string
  /** This page, among all that have the notebook open. */
  clientId: string
  /** A token that is good, for a connection that was refused; rejects when there is none to be had. */
  renew: () => Promise<unknown>
  onEvent: (event: NotebookEvent) => void
  onStreaming?: (live: boolean) => void
  /** The server will not have us, and asking again would not help. */
  onRefused: (error: unknown) => void
  /** Before it is tried again. */
  pauseMs?: number
}

/**
 * A subscription to a notebook that lasts: after anything but a refusal it goes on from the last event that came. The socket
 * itself comes back by itself (tRPC's link does that); this is for what ends the subscription, too: a token that was no good,
 * a limit, and a line that broke in the moment of subscribing.
 */
export class Following {
  private readonly options: FollowingOptions
  private subscription: { unsubscribe: () => void } | undefined
  private lastEventId: string | undefined
  private again: ReturnType<typeof setTimeout> | undefined
  /** Counts beginnings and ends: an error of one that is over says nothing. */
  private turn = 0

  constructor(options: FollowingOptions) {
    this.options = options
  }

  /** Also when it has begun before: the transport may be another now. */
  begin(): void {
    this.end()
    const { api, id, clientId, onEvent, onStreaming } = this.options
    const { turn } = this
    this.subscription = api.notebook.subscribe(
      { id, lastEventId: this.lastEventId ?? null, clientId },
      {
        onConnectionStateChange: (state) => onStreaming?.(state.state === 'pending'),
        onData: (event) => {
          this.lastEventId = event.id
          onEvent(event.data)
        },
        onError: (error) => void this.broken(error, turn),
      },
    )
  }

  /** From a snapshot on, whatever there was before. */
  beginAnew(): void {
    this.lastEventId = undefined
    this.begin()
  }

  end(): void {
    this.turn += 1
    clearTimeout(this.again)
    this.subscription?.unsubscribe()
    this.subscription = undefined
  }

  /** A subscription's error ends it for good: it takes another one to go on. */
  private async broken(error: unknown, turn: number): Promise<void> {
    const wait = await this.waitAfter(error)
    // Somebody has begun or ended it meanwhile.
    if (turn !== this.turn) return
    if (wait === undefined) this.options.onRefused(error)
    else this.again = setTimeout(() => this.begin(), wait)
  }

  /** Milliseconds until it may work; undefined when nothing says that it will. */
  private async waitAfter(error: unknown): Promise<number | undefined> {
    const { pauseMs = 1_000, renew } = this.options
    if (isUnreachable(error)) return pauseMs
    const problem = problemOf(error)
    if (problem?.kind === 'too-many-requests') return Math.max(pauseMs, problem.retryAfterMs)
    if (problem?.kind !== 'unauthorized') return undefined
    return renew().then(
      () => pauseMs,
      (why) => (isUnreachable(why) ? pauseMs : undefined),
    )
  }
}
