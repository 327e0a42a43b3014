import type { OxcError } from 'oxc-parser'
import { positionAt } from '../position.ts'
import { UNTERMINATED } from './scanner.ts'

/** What an error is about. */
interface Place {
  /** The word or sign there, quoted; empty at the end of the text. */
  found: string
  /** The text from there on. */
  rest: string
  /** The character before. */
  before: string
  /** " (opened in line 3)" where the parser says which bracket is open. */
  opened: string
}

type Rewrite = (parts: (string | undefined)[], place: Place) => string

const needs = (what: string) => () => what
const reserved: Rewrite = ([name]) => `\`${name}\` is a reserved word and cannot be a name`
const EARLY = 'The code ends too early'

/** The parser's messages as sentences about the text; those that are not here are good as they are. The first that fits counts. */
const SENTENCES: [RegExp, Rewrite][] = [
  [/^Unexpected token$/, (_, { found }) => (found ? `${found} does not fit here` : `${EARLY}: something is missing here`)],
  [/^Expected a semicolon or an implicit/, (_, place) => missingOperator(place)],
  [/^Expected (.+) but found `EOF`$/, ([what], { opened }) => `${EARLY}: ${quoted(what)} is missing here${opened}`],
  [/^Expected (.+) but found .+$/, ([what], { found, opened }) => `${quoted(what)} is missing here, before ${found}${opened}`],
  [/^Unterminated multiline comment/, needs(UNTERMINATED.comment)],
  [/^Unterminated regular expression/, needs(UNTERMINATED.regex)],
  [/^Unterminated string/, (_, { rest }) => (/^["']/.test(rest) ? UNTERMINATED.string : UNTERMINATED.template)],
  [/^Identifier `(.+)` has already been declared$/, ([name]) => `\`${name}\` is already declared in this cell`],
  [/^Label `(.+)` has already/, ([name]) => `The label \`${name}\` is already used around this place`],
  [/^A 'return' statement/, needs('`return` can only stand in a function: what a cell shows is its last expression')],
  [/^`await` is only allowed/, needs('`await` can only stand in `async` functions and at the top level of the cell')],
  [/^A 'yield' expression/, needs('`yield` can only stand in generator functions (`function*`)')],
  [/^Missing initializer in const/, needs('A `const` needs a value: `const name = …`')],
  [/^Missing initializer in destructuring/, needs('Destructuring needs a value: `= …` is missing')],
  [/^Using declarations must/, needs('`using` needs a value: `using name = …`')],
  [/^Cannot assign to this expression/, needs('Only names, properties and patterns can be assigned to')],
  [/^Cannot assign to '(.+)' in strict/, ([name]) => `\`${name}\` cannot be declared or assigned to`],
  [/^Cannot use `await` as an identifier/, needs('`await` cannot be a name')],
  [/^The keyword '(.+)' is reserved/, reserved],
  [/^Identifier expected\. '(.+)' is a reserved/, reserved],
  [/^Invalid characters after number/, needs('A name cannot begin with a digit, and a number cannot be followed by letters')],
  [/^Invalid [Cc]haracter/, (_, place) => invalidCharacter(place)],
  [/^File appears to be binary/, needs('This character is half of a pair and stands for nothing')],
  [/^Illegal break/, needs('`break` can only stand in a loop or a `switch`')],
  [/^Illegal continue/, needs('`continue` can only stand in a loop')],
  [/^Use of undefined label/, needs('There is no such label around this place')],
  [/^Unexpected new\.target/, needs('`new.target` can only stand in functions and class fields')],
  [/^'super' can only|^Super calls are not/, needs('`super` can only stand in methods and constructors of classes')],
  [/^Delete of an unqualified/, needs('`delete` removes properties, not names')],
  [/^'with' statements/, needs('`with` is not available: modern code has no such statement')],
  [/^'0'-prefixed octal|^Decimals with leading/, needs('Numbers cannot begin with a zero: octal numbers are written `0o…`')],
  [/^Expected function name/, needs('A function declaration needs a name (or parentheses around it, as a value)')],
  [/^Private identifier '(.+)' is not allowed/, ([name]) => `\`${name}\` is not declared in a class around this place`],
  [/^Logical expressions and coalesce/, needs('`??` cannot be mixed with `||` or `&&` without parentheses')],
  [/^A unary expression with the/, needs('The left side of `**` needs parentheses because of its sign')],
  [/^Lexical declaration cannot appear/, needs('A declaration cannot stand alone here: put it into braces')],
]

/** What a person should read about an error of the parser's, and where; `original` maps its offsets to the source. */
export function explain(error: Pick<OxcError, 'message' | 'labels'>, source: string, original: (offset: number) => number) {
  // Of two declarations the second is the one too many; of other labels the first is the error's.
  const label = /already|Multiple/.test(error.message) ? error.labels.at(-1) : error.labels[0]
  // Without a label it is the decoder's replacement character, which stands for a lone surrogate.
  const offset = label ? original(label.start) : Math.max(0, source.search(/[\ud800-\udfff\ufffd]/))
  const opener = error.labels.find((each) => each.message === 'Opened here')
  const opened = opener ? ` (opened in line ${positionAt(source, original(opener.start)).line})` : ''
  const place = {
    found: wordAt(source, offset),
    rest: source.slice(offset, offset + 10),
    before: source[offset - 1] ?? '',
    opened,
  }
  return { message: sentence(error.message, place), offset }
}

function sentence(message: string, place: Place): string {
  for (const [pattern, rewrite] of SENTENCES) {
    const match = pattern.exec(message)
    if (match) return rewrite(match.slice(1), place)
  }
  return message.replace(/\.$/, '')
}

/** "`,` or `]`" stays; "from" gets its quotes. */
function quoted(expected = ''): string {
  return expected.includes('`') ? expected : `\`${expected}\``
}

const MAX_SHOWN = 30

function wordAt(source: string, offset: number): string {
  const found = /\s*(#?[\p{ID_Continue}$]+|=>|\.\.\.|[^\s])/uy
  found.lastIndex = offset
  const word = found.exec(source)?.[1] ?? ''
  if (word === '') return ''
  const shown = word.length > MAX_SHOWN ? `${word.slice(0, MAX_SHOWN)}…` : word
  return shown === '`' ? 'a backtick' : `\`${shown}\``
}

function missingOperator({ found }: Place): string {
  if (!found) return 'A line break or a semicolon is missing here'
  return `${found} does not fit here: is an operator, a comma or a line break missing before it?`
}

function invalidCharacter({ rest, before }: Place): string {
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
  if (before === '#') return '`#` does not fit here: comments begin with `//`'
  if (/[“”„‘’´«»]/.test(character)) return `${character} is not a quotation mark of code: use ' or "`
  if (/[–—−]/.test(character)) return `${character} is not a minus sign of code: use -`
  return `This character has no meaning in code${/[\p{C}\s]/u.test(character) ? '' : `: ${character}`}`
}
