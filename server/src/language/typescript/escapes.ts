const ESCAPE = /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|u\{[\da-fA-F]+\}|\r\n|[\s\S])/g
const MAX_CODE_POINT = 0x10ffff

/** The first escape that strict code does not allow in a string, with its place. */
export function badEscape(literal: string): { index: number; escape: string } | undefined {
  if (!literal.includes('\\')) return undefined
  for (const { 0: text, 1: what = '', index } of literal.matchAll(ESCAPE)) {
    const digitFollows = /\d/.test(literal[index + text.length] ?? '')
    if (/^[xu1-9]$/.test(what) || (what === '0' && digitFollows) || codePoint(what) > MAX_CODE_POINT)
      return { index, escape: text }
  }
  return undefined
}

function codePoint(what: string): number {
  return what.startsWith('u{') ? Number.parseInt(what.slice(2, -1), 16) : 0
}

const NAME = /^#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u

/** Whether a name written with escapes stands for one that is possible. */
export function isIdentifier(word: string): boolean {
  const name = word.replace(/\\u(?:([\da-f]{4})|\{([\da-f]+)\})/gi, (_, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? '', 16)
    return code <= MAX_CODE_POINT ? String.fromCodePoint(code) : ' '
  })
  return NAME.test(name)
}
