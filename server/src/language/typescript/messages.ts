import type { OxcError } from 'oxc-parser'

type Rewrite = (parts: string[], found: string) => string

/** The parser's messages as sentences about the text; those that are not here are good as they are. */
const SENTENCES: [RegExp, Rewrite][] = [
  [
    /^Unexpected token$/,
    (_, found) => (found ? `${found} does not fit here` : 'The code ends too early: something is missing here'),
  ],
  [
    /^Expected a semicolon or an implicit/,
    (_, found) =>
      found
        ? `${found} does not fit here: is an operator, a comma or a line break missing before it?`
        : 'A line break or a semicolon is missing here',
  ],
  [/^Expected (.+) but found `EOF`$/, ([what]) => `The code ends too early: ${list(what)} is missing here`],
  [/^Expected `(in)` but found/, (_, found) => `${found || '`#`'} does not fit here: comments begin with \`//\``],
  [/^Expected (.+) but found .+$/, ([what], found) => `${list(what)} is missing here${found ? `, before ${found}` : ''}`],
  [/^Identifier `(.+)` has already been declared$/, ([name]) => `\`${name}\` is already declared in this cell`],
  [/^Label `(.+)` has already/, ([name]) => `The label \`${name}\` is already used around this place`],
  [/^A 'return' statement/, () => '`return` can only stand in a function: what a cell shows is its last expression'],
  [/^`await` is only allowed/, () => '`await` can only stand in `async` functions and at the top level of the cell'],
  [/^A 'yield' expression/, () => '`yield` can only stand in generator functions (`function*`)'],
  [/^Missing initializer in const/, () => 'A `const` needs a value: `const name = …`'],
  [/^Missing initializer in destructuring/, () => 'Destructuring needs a value: `= …` is missing'],
  [/^Using declarations must/, () => '`using` needs a value: `using name = …`'],
  [/^Cannot assign to this expression/, () => 'Only names, properties and patterns can be assigned to'],
  [/^Cannot assign to '(.+)' in strict/, ([name]) => `\`${name}\` cannot be declared or assigned to`],
  [/^Cannot use `await` as an identifier/, () => '`await` cannot be a name'],
  [
    /^The keyword '(.+)' is reserved|^Identifier expected\. '(.+)' is a reserved/,
    ([a, b]) => `\`${a ?? b}\` is a reserved word and cannot be a name`,
  ],
  [/^Invalid [Cc]haracter/, (_, found) => characterMessage(found)],
  [/^File appears to be binary/, () => 'This character is half of a pair and stands for nothing'],
  [/^Invalid characters after number/, () => 'A name cannot begin with a digit, and a number cannot be followed by letters'],
  [/^Illegal break/, () => '`break` can only stand in a loop or a `switch`'],
  [/^Illegal continue/, () => '`continue` can only stand in a loop'],
  [/^Use of undefined label/, () => 'There is no such label around this place'],
  [/^Unexpected new\.target/, () => '`new.target` can only stand in functions and class fields'],
  [/^'super' can only|^Super calls are not/, () => '`super` can only stand in methods and constructors of classes'],
  [/^Delete of an unqualified/, () => '`delete` removes properties, not names'],
  [/^'with' statements/, () => '`with` is not available: modern code has no such statement'],
  [/^'0'-prefixed octal|^Decimals with leading zeros/, () => 'Numbers cannot begin with a zero: octal numbers are written `0o…`'],
  [/^Expected function name/, () => 'A function declaration needs a name (or parentheses around it, as a value)'],
  [/^Private identifier '(.+)' is not allowed/, ([name]) => `\`${name}\` is not declared in a class around this place`],
  [/^Logical expressions and coalesce/, () => '`??` cannot be mixed with `||` or `&&` without parentheses'],
  [
    /^A unary expression with the '(.+)' operator/,
    ([sign]) => `The left side of \`**\` needs parentheses because of its \`${sign}\``,
  ],
  [/^Lexical declaration cannot appear/, () => 'A declaration cannot stand alone here: put it into braces'],
]

/** What a person should read about an error of the parser's, with a full sentence's worth of what to do. */
export function sentence(error: Pick<OxcError, 'message' | 'labels'>, source: string): string {
  const label = error.labels.at(-1)
  for (const [pattern, rewrite] of SENTENCES) {
    const match = pattern.exec(error.message)
    if (match) return rewrite(match.slice(1), label ? wordAt(source, label.start) : '')
  }
  return error.message.replace(/\.$/, '')
}

/** "`,` or `]`" stays; "from" gets its quotes. */
function list(expected = ''): string {
  return expected.includes('`') ? expected : `\`${expected}\``
}

const MAX_SHOWN = 30

/** The word or sign at a place, quoted. */
function wordAt(source: string, offset: number): string {
  const found = /\s*(#?[\p{ID_Continue}$]+|=>|\.\.\.|[^\s])/uy
  found.lastIndex = offset
  const word = found.exec(source)?.[1] ?? ''
  if (word === '') return ''
  const shown = word.length > MAX_SHOWN ? `${word.slice(0, MAX_SHOWN)}…` : word
  return shown === '`' ? 'A backtick' : `\`${shown}\``
}

function characterMessage(found: string): string {
  if (/[“”„‘’´«»]/.test(found)) return `${found} is not a quotation mark of code: use ' or "`
  if (/[–—−]/.test(found)) return `${found} is not a minus sign of code: use -`
  return `This character has no meaning in code${found ? `: ${found}` : ''}`
}
