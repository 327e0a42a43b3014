import { piecesOf, statementCount } from './pieces.ts'

export type Rewritten = { ok: true; text: string } | { ok: false; reason: string }

/** The first word that is no comment, in small letters. */
function firstWord(text: string): string {
  const code = piecesOf(text)
    .filter(({ kind }) => kind === 'code')
    .map(({ from, to }) => text.slice(from, to))
    .join(' ')
  return /[\p{L}_]+/u.exec(code)?.[0].toLowerCase() ?? ''
}

/** The statement that asks for the plan of a cell's statement, without running it. */
export function explained(text: string): Rewritten {
  const count = statementCount(text)
  if (count === 0) return { ok: false, reason: 'There is no statement to explain.' }
  // Only the first would be explained, and the others would run.
  if (count > 1)
    return {
      ok: false,
      reason: `A plan is of one statement, and this cell has ${count}: put the one you mean into a cell of its own.`,
    }
  if (firstWord(text) === 'explain') return { ok: false, reason: 'This cell asks for a plan already: run it.' }
  return { ok: true, text: `explain\n${text}` }
}
