import type { ToInside } from './inside/protocol.ts'

export interface TransportListener {
  /** Parsed JSON, whose shape is not checked yet; throws when it is not what was agreed on, which ends the other side. */
  frame(content: unknown): void
  /** Text that came along and belongs to no frame. */
  stray(text: string): void
  /** The other side is gone; called once. */
  exit(reason: string): void
}

/** How the host reaches what runs the code. */
export interface Transport {
  /** Ignored once the other side is gone. */
  send(message: ToInside): void
  /** Everything said so far, and from now on. Called once. */
  listen(listener: TransportListener): void
  /** Ends the other side; `reason` becomes its exit's. Idempotent. */
  kill(reason: string): Promise<void>
}
