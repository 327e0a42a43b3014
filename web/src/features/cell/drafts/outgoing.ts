import type { TextChanges } from '@rivulet/server/notebook/textChanges'
import type { Acknowledged, Draft } from './draft.ts'
import * as whole from './draft.ts'
import * as sharing from './sharing.ts'
import { isShared, type TextAlgebra } from './sharing.ts'

/** How an attempt to send ended. `later`: no answer, tried again by itself. `refused`: said why, not tried again. */
export type Sent =
  | { kind: 'accepted'; version: number }
  | { kind: 'conflict'; theirs: Acknowledged }
  | { kind: 'later' }
  | { kind: 'refused' }

/** The whole text, or what changed in it; the same `opId` again has no second effect. */
export type Outgoing = { cellId: string; baseVersion: number; opId: string } & ({ source: string } | { changes: TextChanges })

/** Takes off what is to be sent, or what had no answer. */
export function takeOff(draft: Draft, opId: string): Draft {
  return isShared(draft) ? sharing.flown(draft, opId) : whole.sending(draft)
}

/** What is on its way, as the request says it. */
export function outgoing(cellId: string, { base, text, unsent }: Draft, opId: string): Outgoing {
  const edit = { cellId, baseVersion: base.version, opId }
  // The type of CodeMirror's toJSON says nothing; its shape is the one of TextChanges.
  return unsent?.flying ? { ...edit, changes: unsent.flying.changes.toJSON() } : { ...edit, source: text }
}

/** The draft once the attempt has ended. */
export function settled(draft: Draft, { sent, opId }: { sent: Sent; opId: string }, algebra: TextAlgebra | undefined): Draft {
  return isShared(draft) && algebra ? settledShared(draft, { sent, opId }, algebra) : settledWhole(draft, sent)
}

function settledWhole(draft: Draft, sent: Sent): Draft {
  if (sent.kind === 'accepted') return whole.accepted(draft, sent.version)
  return sent.kind === 'conflict' ? whole.received(whole.notSent(draft), sent.theirs) : whole.notSent(draft)
}

function settledShared(draft: sharing.Shared, { sent, opId }: { sent: Sent; opId: string }, algebra: TextAlgebra): Draft {
  switch (sent.kind) {
    case 'accepted':
      return sharing.taken(draft, opId, sent.version, algebra)
    case 'conflict':
      return sharing.refusedFor(draft, sent.theirs, algebra)
    case 'refused':
      return sharing.notTaken(draft, algebra)
    case 'later':
      return draft
  }
}
