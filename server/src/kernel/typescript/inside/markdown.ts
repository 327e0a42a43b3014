import { DISPLAY } from './bundle.ts'
import { Interrupted, readError } from './errors.ts'
import type { MimeBundle } from './protocol.ts'
import { kept, mapped } from './safe.ts'
import { escapeMarkdown, markdownText, plainText } from './tags.ts'
import { cut, joined } from './text.ts'

export type MarkdownPiece =
  | string
  | { source: string; error: string }
  | { source: string; uses: readonly string[]; read: () => Promise<unknown> }

/** Text with its holes filled. A hole that fails shows why, in its place (X2). */
export async function fillMarkdown(pieces: readonly MarkdownPiece[], unavailable: Record<string, string>): Promise<unknown> {
  const filled: { rich: string; plain: string }[] = []
  for (let i = 0; i < pieces.length; i += 1) {
    const piece = pieces[i] as MarkdownPiece
    filled[i] = typeof piece === 'string' ? { rich: piece, plain: piece } : await fillHole(piece, unavailable)
  }
  const bundle: MimeBundle = {
    'text/markdown': joined(
      mapped(filled, (each) => each.rich),
      '',
    ),
    'text/plain': joined(
      mapped(filled, (each) => each.plain),
      '',
    ),
  }
  return { [DISPLAY]: () => bundle }
}

async function fillHole(hole: Exclude<MarkdownPiece, string>, unavailable: Record<string, string>) {
  if ('error' in hole) return failed(hole.source, hole.error)
  const missing = kept(hole.uses, (name) => Object.hasOwn(unavailable, name))[0]
  if (missing !== undefined) return failed(missing, String(unavailable[missing]))
  try {
    const value = await hole.read()
    return { rich: markdownText(value), plain: plainText(value) }
  } catch (error) {
    if (Interrupted.is(error)) throw error
    return failed(hole.source, readError(error).message)
  }
}

const MAX_SOURCE = 60

function failed(source: string, message: string) {
  const shown = source.length > MAX_SOURCE ? `${cut(source, 0, MAX_SOURCE)}…` : source
  const text = `⚠ ${shown || 'empty'}: ${message}`
  return { rich: `**${escapeMarkdown(text)}**`, plain: text }
}
