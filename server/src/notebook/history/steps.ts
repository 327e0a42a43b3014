import { z } from 'zod'
import { Actor, Language } from '../model.ts'

/** What somebody writes in a cell; nothing of what runs make of it. */
export const Content = z.object({
  language: Language,
  source: z.string(),
  version: z.number(),
  disabled: z.boolean(),
  hidden: z.boolean(),
  resultName: z.string().optional(),
  connectionId: z.string().optional(),
})
export type Content = z.infer<typeof Content>

export const Settings = Content.omit({ source: true, version: true })
export type Settings = z.infer<typeof Settings>

const by = z.array(Actor)
const ofCell = { cellId: z.string(), by }

/** One thing that was done to the page, with what is needed to take it back. */
export const Step = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('edited'), ...ofCell, before: z.string(), after: z.string() }),
  z.object({ kind: z.literal('set'), ...ofCell, before: Settings, after: Settings }),
  z.object({ kind: z.literal('inserted'), ...ofCell, index: z.number(), content: Content }),
  z.object({ kind: z.literal('deleted'), ...ofCell, index: z.number(), content: Content }),
  z.object({ kind: z.literal('moved'), ...ofCell, from: z.number(), to: z.number() }),
  z.object({ kind: z.literal('renamed'), by, before: z.string(), after: z.string() }),
])
export type Step = z.infer<typeof Step>

/** The point that was gone back to: of one cell, or of the whole page. */
export const Restored = z.object({ at: z.string(), cellId: z.string().optional() })
export type Restored = z.infer<typeof Restored>

export const cellOf = (step: Step): string | undefined => ('cellId' in step ? step.cellId : undefined)

export function settingsOf({ language, disabled, hidden, resultName, connectionId }: Settings): Settings {
  return {
    language,
    disabled,
    hidden,
    ...(resultName !== undefined && { resultName }),
    ...(connectionId !== undefined && { connectionId }),
  }
}

export const sameSettings = (a: Settings, b: Settings): boolean =>
  a.language === b.language &&
  a.disabled === b.disabled &&
  a.hidden === b.hidden &&
  a.resultName === b.resultName &&
  a.connectionId === b.connectionId

/**
 * Adds a step behind the others. What it does to a text, to settings or to a place that an earlier step left is made
 * part of that step: edits of one cell commute with whatever is done to others. What comes to nothing is left out.
 */
export function addStep(steps: readonly Step[], step: Step): Step[] {
  const at = joinableAt(steps, step)
  const known = at === undefined ? undefined : steps[at]
  if (at === undefined || !known) return isNothing(step) ? [...steps] : [...steps, step]
  const joined = join(known, step)
  return isNothing(joined) ? steps.toSpliced(at, 1) : steps.with(at, joined)
}

/** The step that the next one can become part of. */
function joinableAt(steps: readonly Step[], step: Step): number | undefined {
  if (step.kind === 'moved') return isMoveOf(steps.at(-1), step.cellId) ? steps.length - 1 : undefined
  if (step.kind === 'renamed') return found(steps.findLastIndex(({ kind }) => kind === 'renamed'))
  if (step.kind !== 'edited' && step.kind !== 'set') return undefined
  const last = steps.findLastIndex(
    (known) =>
      cellOf(known) === step.cellId && (known.kind === step.kind || known.kind === 'inserted' || known.kind === 'deleted'),
  )
  return steps[last]?.kind === 'deleted' ? undefined : found(last)
}

const found = (index: number): number | undefined => (index < 0 ? undefined : index)
const isMoveOf = (step: Step | undefined, cellId: string): boolean => step?.kind === 'moved' && step.cellId === cellId

function join(known: Step, next: Step): Step {
  const everybody = together(known.by, next.by)
  if (known.kind === 'moved' && next.kind === 'moved') return { ...known, to: next.to, by: everybody }
  if (known.kind === 'edited' && next.kind === 'edited') return { ...known, after: next.after, by: everybody }
  if (known.kind === 'renamed' && next.kind === 'renamed') return { ...known, after: next.after, by: everybody }
  if (known.kind === 'set' && next.kind === 'set') return { ...known, after: next.after, by: everybody }
  if (known.kind !== 'inserted') return known
  if (next.kind === 'edited') return { ...known, content: { ...known.content, source: next.after }, by: everybody }
  if (next.kind === 'set') return { ...known, content: withSettings(known.content, next.after), by: everybody }
  return known
}

function isNothing(step: Step): boolean {
  switch (step.kind) {
    case 'edited':
    case 'renamed':
      return step.before === step.after
    case 'set':
      return sameSettings(step.before, step.after)
    case 'moved':
      return step.from === step.to
    case 'inserted':
    case 'deleted':
      return false
  }
}

export const sameActor = (a: Actor, b: Actor): boolean => a.userId === b.userId && a.via === b.via

function together(some: readonly Actor[], others: readonly Actor[]): Actor[] {
  return [...some, ...others.filter((other) => !some.some((known) => sameActor(known, other)))]
}

/** Everybody who took part, in the order in which they did. */
export const actorsOf = (steps: readonly Step[]): Actor[] => steps.reduce<Actor[]>((all, step) => together(all, step.by), [])

/** The cell with exactly these settings: what is not among them is not set. */
export function withSettings({ source, version }: Content, settings: Settings): Content {
  return { source, version, ...settingsOf(settings) }
}
