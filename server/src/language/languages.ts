import type { Analysis } from '../notebook/commands.ts'
import type { Language } from '../notebook/model.ts'
import type { Compiled } from './compiled.ts'
import type { CellLanguage } from './language.ts'
import * as markdown from './markdown/markdown.ts'
import { analyse as analyseTypeScript } from './typescript/analyse.ts'
import { compile as compileTypeScript } from './typescript/compile.ts'

interface CompiledLanguage extends CellLanguage {
  compile(source: string): Compiled
}

const LANGUAGES: Partial<Record<Language, CompiledLanguage>> = {
  typescript: { analyse: analyseTypeScript, compile: compileTypeScript },
  markdown,
}

export const supportedLanguages = Object.keys(LANGUAGES) as readonly Language[]

const NAMES: Record<Language, string> = { typescript: 'TypeScript', sql: 'SQL', markdown: 'Markdown', python: 'Python' }

function unavailable(language: Language) {
  return { message: `${NAMES[language]} cells are not available on this server`, line: 1, column: 1 }
}

/** Pure and total, whatever the text; an empty cell of any language is fine. */
export function analyse(language: Language, source: string): Analysis {
  const known = LANGUAGES[language]
  if (known) return known.analyse(source)
  const empty = source.trim() === ''
  return { defines: [], uses: [], assigns: [], empty, ...(empty ? {} : { syntaxError: unavailable(language) }) }
}

export function compile(language: Language, source: string): Compiled {
  return LANGUAGES[language]?.compile(source) ?? { ok: false, error: unavailable(language) }
}
