/** What a stretch of SQL is, as far as help with the writing needs to know. */
export interface Piece {
  kind: 'code' | 'hole' | 'string' | 'comment' | 'name'
  from: number
  to: number
  /** False when the text ends before it does. */
  closed: boolean
}

/** Where a string or a template of TypeScript ends that begins at `from`. */
function endOfScriptString(text: string, from: number): number {
  const quote = text[from]
  let at = from + 1
  while (at < text.length) {
    if (text[at] === '\\') at += 2
    else if (text[at] === quote) return at + 1
    else if (quote === '`' && text.startsWith('${', at)) at = endOfHole(text, at).to
    else at += 1
  }
  return text.length
}

function endOf(text: string, mark: string, from: number): { to: number; closed: boolean } {
  const at = text.indexOf(mark, from)
  return at < 0 ? { to: text.length, closed: false } : { to: at + mark.length, closed: true }
}

/** Where `${…}` ends that begins at `from`: braces are counted, those in strings and comments are not. */
function endOfHole(text: string, from: number): { to: number; closed: boolean } {
  let depth = 0
  let at = from + 1
  while (at < text.length) {
    const character = text[at] ?? ''
    if (text.startsWith('//', at)) at = endOf(text, '\n', at).to
    else if (text.startsWith('/*', at)) at = endOf(text, '*/', at + 2).to
    else if ('\'"`'.includes(character)) at = endOfScriptString(text, at)
    else {
      at += 1
      if (character === '{') depth += 1
      else if (character === '}') depth -= 1
      if (depth === 0) return { to: at, closed: true }
    }
  }
  return { to: text.length, closed: false }
}

/** Comments nest, as both engines have it. */
function endOfComment(text: string, from: number): { to: number; closed: boolean } {
  const marks = /\/\*|\*\//g
  marks.lastIndex = from
  let depth = 0
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return { to: marks.lastIndex, closed: true }
  }
  return { to: text.length, closed: false }
}

/** `'it''s'`; with a backslash where the string begins with `e`. */
function endOfQuoted(text: string, from: number, escapes: boolean): { to: number; closed: boolean } {
  const quote = text[from]
  let at = from + 1
  while (at < text.length) {
    if (escapes && text[at] === '\\') at += 2
    else if (text[at] !== quote) at += 1
    else if (text[at + 1] === quote) at += 2
    else return { to: at + 1, closed: true }
  }
  return { to: text.length, closed: false }
}

const SPECIAL = /--|\/\*|\$\{|'|"|\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/gu
const WORD_BEFORE = /[\p{L}\p{N}_$]$/u

function pieceAt(text: string, from: number, mark: string): Piece {
  if (mark === '${') return { kind: 'hole', from, ...endOfHole(text, from) }
  if (mark === '--') return { kind: 'comment', from, to: endOf(text, '\n', from).to, closed: true }
  if (mark === '/*') return { kind: 'comment', from, ...endOfComment(text, from) }
  if (mark === '"') return { kind: 'name', from, ...endOfQuoted(text, from, false) }
  if (mark === "'") {
    const escapes = /(?:^|[^\p{L}\p{N}_$])e$/iu.test(text.slice(Math.max(0, from - 2), from))
    return { kind: 'string', from, ...endOfQuoted(text, from, escapes) }
  }
  return { kind: 'string', from, ...endOf(text, mark, from + mark.length) }
}

/** The text in pieces, without gaps. It never throws, whatever the text is. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let done = 0
  const search = new RegExp(SPECIAL)
  for (let match = search.exec(text); match; match = search.exec(text)) {
    const { index } = match
    const [mark] = match
    // `a$b$c` is one name.
    if (mark.length > 1 && mark.endsWith('$') && WORD_BEFORE.test(text.slice(0, index).slice(-2))) continue
    if (index > done) pieces.push({ kind: 'code', from: done, to: index, closed: true })
    const piece = pieceAt(text, index, mark)
    pieces.push(piece)
    done = piece.to
    search.lastIndex = done
  }
  if (done < text.length) pieces.push({ kind: 'code', from: done, to: text.length, closed: true })
  return pieces
}

/** How many statements there are: text between semicolons that is more than space and comments. */
export function statementCount(text: string): number {
  let count = 0
  let open = false
  const add = (code: string) => {
    for (const [index, part] of code.split(';').entries()) {
      if (index > 0) open = false
      if (!open && part.trim()) {
        open = true
        count += 1
      }
    }
  }
  for (const { kind, from, to } of piecesOf(text)) {
    if (kind === 'code') add(text.slice(from, to))
    else if (kind !== 'comment') add('x')
  }
  return count
}
