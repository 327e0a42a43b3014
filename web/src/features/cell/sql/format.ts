import { duckdb, formatDialect, postgresql } from 'sql-formatter'
import type { Rewritten } from './explain.ts'
import { type Piece, piecesOf } from './pieces.ts'

const DIALECTS = { duckdb, postgresql }
const REFUSED = 'Not formatted: '

/** A word that stands for the hole while the formatter, which knows nothing of holes, is at work. */
function standIns(text: string, count: number): string[] {
  let stem = 'hole'
  while (text.toLowerCase().includes(stem)) stem += 'q'
  return Array.from({ length: count }, (_, index) => `${stem}${String(index).padStart(4, '0')}z`)
}

/** What must come out as it went in: holes, comments, strings and quoted names, and every letter of the rest. */
function essence(text: string): { kept: string[]; letters: string } {
  const pieces = piecesOf(text)
  const of = ({ from, to }: Piece) => text.slice(from, to)
  return {
    kept: pieces.filter(({ kind }) => kind !== 'code').map((piece) => `${piece.kind} ${of(piece).trimEnd()}`),
    letters: pieces
      .filter(({ kind }) => kind === 'code')
      .map(of)
      .join('')
      .replace(/\s+/g, ''),
  }
}

function same(before: string, after: string): boolean {
  const [a, b] = [essence(before), essence(after)]
  return a.letters === b.letters && a.kept.length === b.kept.length && a.kept.every((piece, index) => piece === b.kept[index])
}

/** Lays the text out anew, or says why not: nothing but white space between words ever changes. */
export function formatted(text: string, dialect: keyof typeof DIALECTS): Rewritten {
  const pieces = piecesOf(text)
  if (pieces.some(({ closed }) => !closed))
    return { ok: false, reason: `${REFUSED}a string, a comment or a \${…} is not closed.` }
  const holes = pieces.filter(({ kind }) => kind === 'hole').map(({ from, to }) => text.slice(from, to))
  const words = standIns(text, holes.length)
  let next = 0
  const plain = pieces.map(({ kind, from, to }) => (kind === 'hole' ? (words[next++] ?? '') : text.slice(from, to))).join('')
  try {
    const laidOut = formatDialect(plain, {
      dialect: DIALECTS[dialect],
      tabWidth: 2,
      keywordCase: 'preserve',
      linesBetweenQueries: 1,
    })
    const result = words.reduce((whole, word, index) => whole.replace(word, () => holes[index] ?? ''), laidOut)
    if (!same(text, result)) return { ok: false, reason: `${REFUSED}the formatter would have changed more than the layout.` }
    return { ok: true, text: result }
  } catch {
    // Its message is a list of everything that its grammar would have taken.
    return { ok: false, reason: `${REFUSED}the formatter does not understand this text.` }
  }
}
