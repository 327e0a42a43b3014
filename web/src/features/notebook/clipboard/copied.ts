import type { Language } from '@rivulet/server/notebook/model'
// Not zod's main entry, which makes functions from texts where it may: the page's policy forbids that.
import * as z from 'zod/mini'
import { remembered } from '../../../ui/remembered.ts'
import { OWN_PREFIX } from '../../account/session.ts'

const LANGUAGES: { [L in Language]: L } = { typescript: 'typescript', sql: 'sql', markdown: 'markdown', python: 'python' }

/** What is kept of a copied cell: what somebody wrote and set, nothing of what runs made of it. */
const Copied = z.object({
  language: z.enum(LANGUAGES),
  source: z.string(),
  resultName: z.optional(z.string()),
  connectionId: z.optional(z.string()),
  disabled: z.boolean(),
  hidden: z.boolean(),
})
export type Copied = z.infer<typeof Copied>

const Stored = z.object({ version: z.literal(1), cells: z.array(Copied).check(z.minLength(1)) })

const KEY = `${OWN_PREFIX}cells`
/** They are pasted in one message, of which the server takes 1 MiB. */
export const MOST_BYTES = 1_000_000

export type Kept = 'kept' | 'too-large' | 'no-room'

/** Keeps the cells for every tab of this browser, in the place of what was kept before. */
export function keepCopied(cells: readonly Copied[]): Kept {
  const text = JSON.stringify(Stored.parse({ version: 1, cells }))
  if (new TextEncoder().encode(text).length > MOST_BYTES) return 'too-large'
  return remembered.set(KEY, text) ? 'kept' : 'no-room'
}

/** In notebook order; nothing when nothing was copied, or by a version of the page that kept something else. */
export function readCopied(): Copied[] {
  try {
    return Stored.parse(JSON.parse(remembered.get(KEY) ?? 'null')).cells
  } catch {
    return []
  }
}
