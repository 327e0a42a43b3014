import type { ChangeSet } from '@codemirror/state'
import type { SourceChanges, TextChanges } from '@rivulet/server/notebook/textChanges'
import { applyChanges } from '@rivulet/server/notebook/textDiff'
import { type Acknowledged, type Choice, type Draft, received, resolved } from './draft.ts'

/**
 * Texts that several people type in at once. What a person typed is kept as changes of what the server last said: `flying` on
 * its way to the server, `typed` on top of it. What others changed is mapped over both, in the order in which the server says
 * it, as the server maps what comes from here. Pure: every function returns the next draft.
 */

/** What only the editor's code can do; all else are methods of the change sets it makes. */
export interface TextAlgebra {
  parse: (changes: TextChanges) => ChangeSet
  between: (before: string, after: string) => ChangeSet
}

export interface Unsent {
  /** `version`: what the server answered, until the events up to that version are here. */
  readonly flying?: { readonly opId: string; readonly changes: ChangeSet; readonly version?: number }
  readonly typed?: ChangeSet
}

/** A draft with changes. */
export type Shared = Draft & { readonly unsent: Unsent }

export function isShared(draft: Draft): draft is Shared {
  return draft.unsent !== undefined
}

/** One edit of the cell, as the events tell it. */
export interface ToldEdit extends Acknowledged {
  changes?: SourceChanges | undefined
}

/** What somebody else's edit does to the text on the screen. */
export interface Shown {
  changes: ChangeSet
  clientId?: string | undefined
}

/** From now on this text is sent as changes. Nothing of it may be on its way as a whole. */
export function shared(draft: Draft, algebra: TextAlgebra): Shared {
  return { ...draft, unsent: draft.conflict ? {} : fromTexts(draft.base.source, draft.text, algebra) }
}

export function typedChanges(draft: Shared, changes: ChangeSet, text: string): Shared {
  // Who must choose first sends nothing; what they type meanwhile is found by comparing.
  if (draft.conflict) return { ...draft, text }
  const { flying, typed } = draft.unsent
  const all = typed ? typed.compose(changes) : changes
  const back = !flying && text === draft.base.source
  return { ...draft, text, unsent: unsentOf(flying, back ? undefined : all) }
}

/** What was typed so far is on its way. */
export function flown(draft: Shared, opId: string): Shared {
  const { flying, typed } = draft.unsent
  return flying || !typed ? draft : { ...draft, unsent: { flying: { opId, changes: typed } } }
}

/** What was on its way was refused: it waits again with the rest. */
export function notTaken(draft: Shared, algebra: TextAlgebra): Shared {
  const waiting = recalled(draft)
  return waiting.ahead ? settled(waiting, waiting.ahead, algebra) : waiting
}

/** The server took what was on its way, as this version. What it made of it comes as an event, to everybody alike. */
export function taken(draft: Shared, opId: string, version: number, algebra: TextAlgebra): Shared {
  const { flying } = draft.unsent
  if (flying?.opId !== opId) return draft
  // Everything up to that version is here and nothing of it was ours: it changed nothing.
  if (version <= draft.base.version) return withoutFlying(draft, algebra)
  const known: Shared = { ...draft, unsent: { ...draft.unsent, flying: { ...flying, version } } }
  return draft.ahead ? jumped(known, draft.ahead, algebra) : known
}

/** The next edit of the cell, whoever made it; others' is also given as a change of what is on the screen. */
export function followed(draft: Shared, edit: ToldEdit, algebra: TextAlgebra): { draft: Shared; shown?: Shown } {
  if (edit.version <= draft.base.version) return { draft }
  const base = { version: edit.version, source: edit.source }
  const next = edit.version === draft.base.version + 1 && !draft.ahead && !draft.conflict
  if (!next) return { draft: jumped(draft, base, algebra) }
  const { flying } = draft.unsent
  if (flying && edit.changes?.opId === flying.opId) {
    return { draft: withoutFlying({ ...draft, base }, algebra) }
  }
  const theirs = edit.changes ? algebra.parse(edit.changes.set) : algebra.between(draft.base.source, edit.source)
  return over({ ...draft, base }, theirs, edit.changes?.clientId, algebra)
}

/** Another source without what led to it, as after a long absence. `sameHistory` false: versions cannot be compared. */
export function replaced(draft: Shared, theirs: Acknowledged, algebra: TextAlgebra, { sameHistory = true } = {}): Shared {
  if (!sameHistory) return settled(recalled(draft), theirs, algebra)
  return theirs.version <= draft.base.version ? draft : jumped(draft, theirs, algebra)
}

/** The server does not know how to get from the base to what it has. */
export function refusedFor(draft: Shared, theirs: Acknowledged, algebra: TextAlgebra): Shared {
  const { ahead } = draft
  return settled(recalled(draft), ahead && ahead.version > theirs.version ? ahead : theirs, algebra)
}

export function chosen(draft: Shared, choice: Choice, algebra: TextAlgebra): Shared {
  return shared(resolved(draft, choice), algebra)
}

/** A place in the text on the screen, as a place in the base. */
export function toBase({ text, unsent: { flying, typed } }: Shared, at: number): number {
  const within = Math.min(at, text.length)
  const sent = typed ? typed.invertedDesc.mapPos(within) : within
  return flying ? flying.changes.invertedDesc.mapPos(sent) : sent
}

/** A place in the base, as a place in the text on the screen. */
export function fromBase({ base, unsent: { flying, typed } }: Shared, at: number): number {
  const within = Math.min(at, base.source.length)
  const sent = flying ? flying.changes.mapPos(within) : within
  return typed ? typed.mapPos(sent) : sent
}

function unsentOf(flying: Unsent['flying'], typed: ChangeSet | undefined): Unsent {
  return { ...(flying && { flying }), ...(typed && !typed.empty && { typed }) }
}

function fromTexts(source: string, text: string, algebra: TextAlgebra): Unsent {
  return source === text ? {} : { typed: algebra.between(source, text) }
}

/** Maps what is unsent over somebody else's change of the base, and that over what is unsent. */
function over(
  draft: Shared,
  theirs: ChangeSet,
  clientId: string | undefined,
  algebra: TextAlgebra,
): { draft: Shared; shown: Shown } {
  const { flying, typed } = draft.unsent
  const sent = flying && { ...flying, changes: flying.changes.map(theirs) }
  const afterSent = flying ? theirs.map(flying.changes, true) : theirs
  const rest = typed?.map(afterSent)
  const changes = typed ? afterSent.map(typed, true) : afterSent
  const mapped: Shared = { ...draft, text: applyChanges(draft.text, changes), unsent: unsentOf(sent, rest) }
  // The answer named this version, and it was somebody else's: what was on its way had nothing left to change.
  const emptied = sent?.version !== undefined && sent.version <= draft.base.version
  return { draft: emptied ? withoutFlying(mapped, algebra) : mapped, shown: { changes, clientId } }
}

/** What was on its way is in the base. Should the text not follow from it by what was typed since, the difference is what is unsent. */
function withoutFlying(draft: Shared, algebra: TextAlgebra): Shared {
  const { typed } = draft.unsent
  const { source } = draft.base
  const after = typed ? typed.length === source.length && applyChanges(source, typed) : source
  return { ...draft, unsent: after === draft.text ? unsentOf(undefined, typed) : fromTexts(source, draft.text, algebra) }
}

/** As if what is on its way had never been sent. */
function recalled(draft: Shared): Shared {
  const { flying, typed } = draft.unsent
  if (!flying) return draft
  return { ...draft, unsent: unsentOf(undefined, typed ? flying.changes.compose(typed) : flying.changes) }
}

/** Something newer than the next version. What is on its way may be in it or not: that is only known with its answer. */
function jumped(draft: Shared, theirs: Acknowledged, algebra: TextAlgebra): Shared {
  const { flying } = draft.unsent
  if (!flying) return settled(draft, theirs, algebra)
  if (flying.version === undefined || flying.version > theirs.version) return { ...draft, ahead: theirs }
  const base = { version: draft.base.version, source: applyChanges(draft.base.source, flying.changes) }
  return settled({ ...draft, base }, theirs, algebra)
}

/** Merges both texts line by line; what is unsent is then what is still different. */
function settled({ ahead: _, ...draft }: Shared, theirs: Acknowledged, algebra: TextAlgebra): Shared {
  return shared(received(draft, theirs, { sameHistory: false }), algebra)
}
