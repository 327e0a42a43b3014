import type { Analysis } from '../notebook/commands.ts'
import type { Language } from '../notebook/model.ts'
import type { Compiled } from './compiled.ts'
import type { CellLanguage, CellSettings } from './language.ts'
import * as markdown from './markdown/markdown.ts'
import { dialectOf } from './sql/connections.ts'
import { analyse as analyseSql, compile as compileSql } from './sql/sql.ts'
import { analyse as analyseTypeScript } from './typescript/analyse.ts'
import { compile as compileTypeScript } from './typescript/compile.ts'

interface CompiledLanguage extends CellLanguage {
  compile(source: string, settings: CellSettings): Compiled
}

const LANGUAGES: Partial<Record<Language, CompiledLanguage>> = {
  typescript: { analyse: analyseTypeScript, compile: compileTypeScript },
  markdown,
  sql: {
    analyse: (source, { resultName, connectionId }) => {
      const connection = connectionId ? { id: connectionId, dialect: dialectOf(connectionId) } : undefined
      return analyseSql(source, { ...(resultName && { resultName }), ...(connection && { connection }) })
    },
    compile: (source, { connectionId }) => compileSql(source, dialectOf(connectionId)),
  },
}

export const supportedLanguages = Object.keys(LANGUAGES) as readonly Language[]

const NAMES: Record<Language, string> = { typescript: 'TypeScript', sql: 'SQL', markdown: 'Markdown', python: 'Python' }

function unavailable(language: Language) {
  return { message: `${NAMES[language]} cells are not available on this server`, line: 1, column: 1 }
}

/** Pure and total, whatever the text; an empty cell of any language is fine. */
export function analyse(language: Language, source: string, settings: CellSettings = {}): Analysis {
  const known = LANGUAGES[language]
  if (known) return known.analyse(source, settings)
  const empty = source.trim() === ''
  return { defines: [], uses: [], assigns: [], empty, ...(empty ? {} : { syntaxError: unavailable(language) }) }
}

export function compile(language: Language, source: string, settings: CellSettings = {}): Compiled {
  return LANGUAGES[language]?.compile(source, settings) ?? { ok: false, error: unavailable(language) }
}
