import type { Position } from './position.ts'

/** A cell as the kernel runs it. */
export type Compiled =
  | {
      ok: true
      /** The body of an async function whose parameters are the names it may read; it returns its top-level names. */
      body: string
      /** Every free name of the body, globals included. */
      uses: readonly string[]
      /** From a place in `body` to the user's own line and column. */
      positionOf(at: Position): Position | undefined
    }
  | { ok: false; error: Position & { message: string } }
