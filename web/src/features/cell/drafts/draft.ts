import { merge3 } from './merge3.ts'
import type { Unsent } from './sharing.ts'

/** A source as the server has it. */
export interface Acknowledged {
  version: number
  source: string
}

/**
 * One cell's text in this tab. `text` is what the person sees and always theirs; `base` is what the server last said.
 * They differ while edits are unsent. Pure: every function returns the next draft.
 */
export interface Draft {
  readonly base: Acknowledged
  readonly text: string
  /** Being sent as a whole, on top of `base.version`. */
  readonly sending?: string
  /** Somebody changed the same lines: the person chooses. */
  readonly conflict?: Acknowledged
  /** Once its editor has been here: what the server does not have yet, as changes of the base. Then `sending` is never used. */
  readonly unsent?: Unsent
  /** A newer source that came without what led to it, while an answer is awaited that says what of this tab is in it. */
  readonly ahead?: Acknowledged
}

export function cleanDraft(base: Acknowledged): Draft {
  return { base, text: base.source }
}

export function isDirty({ base, text, unsent }: Draft): boolean {
  return text !== base.source || unsent?.flying !== undefined || unsent?.typed !== undefined
}

/** Whether something can go to the server now; of shared texts also once more what had no answer. */
export function canSend(draft: Draft): boolean {
  if (draft.conflict) return false
  const { unsent } = draft
  if (!unsent) return isDirty(draft) && draft.sending === undefined
  return unsent.flying ? unsent.flying.version === undefined : unsent.typed !== undefined
}

export function typed(draft: Draft, text: string): Draft {
  return { ...draft, text }
}

export function sending(draft: Draft): Draft {
  return { ...draft, sending: draft.text }
}

/** The server took what was being sent. Its echo may have come first, and moved `base` already. */
export function accepted({ sending: source, ...draft }: Draft, version: number): Draft {
  if (source === undefined || version <= draft.base.version) return draft
  return { ...draft, base: { version, source } }
}

/** What was being sent did not arrive, or was refused; it is still in `text`. */
export function notSent({ sending: _, ...draft }: Draft): Draft {
  return draft
}

/** The server has another text: nobody's own edit is lost, and equal texts are no conflict. */
export function received(draft: Draft, theirs: Acknowledged, { sameHistory = true } = {}): Draft {
  if (sameHistory && theirs.version <= draft.base.version) return draft
  // The echo of what this tab sent: typing has gone on since, and the answer to the request is still to come.
  if (theirs.source === draft.sending) return { ...draft, base: theirs }
  const text = merge3(draft.base.source, draft.text, theirs.source)
  if (text === undefined) return { ...draft, conflict: theirs }
  const { conflict: _, ...rest } = draft
  return { ...rest, base: theirs, text }
}

export type Choice = 'mine' | 'theirs'

export function resolved({ conflict, ...draft }: Draft, choice: Choice): Draft {
  if (!conflict) return draft
  return { ...draft, base: conflict, text: choice === 'mine' ? draft.text : conflict.source }
}
