import { z } from 'zod'

/** A line of inserted text; the breaks are between the lines. */
const Line = z.string().refine((text) => !text.includes('\n'), 'a line holds no line feed')
const Count = z.number().int().min(1)

/**
 * A change of a text in the JSON of CodeMirror's ChangeSet: one item a stretch of the text before, from its beginning to its
 * end. A number keeps so many UTF-16 units, `[n]` deletes them, `[n, ...lines]` replaces them; `[0, ...lines]` inserts.
 */
export const TextChanges = z.array(
  z.union([Count, z.tuple([Count]), z.tuple([z.number().int().min(0), Line], Line)], 'expected n, [n] or [n, line, …]'),
)
export type TextChanges = z.infer<typeof TextChanges>

/** How a source became the next version; who holds the version before applies it instead of the whole text. */
export const SourceChanges = z.object({
  set: TextChanges,
  /** Of whom typed it: the tab or the program, and its operation. */
  clientId: z.string().optional(),
  opId: z.string().optional(),
})
export type SourceChanges = z.infer<typeof SourceChanges>
