import { LanguageDescription } from '@codemirror/language'
import { highlightCode } from '@lezer/highlight'
import { codeColours } from '../../../ui/codeColours.ts'
import { CODE_LANGUAGES } from './languages.ts'

/** Of a longer text the browser would be busy for a moment that is felt. */
const MOST_CHARACTERS = 100_000

/** Gives code the editor's colours: the same text, in pieces that are elements of this function's making. */
export async function colour(code: HTMLElement, name: string): Promise<void> {
  const text = code.textContent
  const known = LanguageDescription.matchLanguageName(CODE_LANGUAGES, name, false)
  if (!known || text.length > MOST_CHARACTERS) return
  const { language } = await known.load()
  const pieces = document.createDocumentFragment()
  const put = (piece: string, classes: string) => {
    if (!classes) return pieces.append(piece)
    const span = document.createElement('span')
    span.className = classes
    span.textContent = piece
    pieces.append(span)
  }
  highlightCode(text, language.parser.parse(text), codeColours, put, () => pieces.append('\n'))
  code.replaceChildren(pieces)
}
