import type { Completion } from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import type { Language } from '@rivulet/server/notebook/model'
import type { TableSchema } from '../sql/Schemas.ts'

/** Names other cells define, and where: `total`, `cell 3`. */
export type KnownNames = () => Completion[]

/** What an editor can offer while somebody writes. */
export interface Known {
  names: KnownNames
  /** Where SQL runs; absent: on the engine that every notebook has. */
  connectionId: string | undefined
  /** The tables that are there. */
  tables: () => Promise<readonly TableSchema[]>
  /** Names that SQL can read as tables, as far as it is known. */
  values: () => Promise<Completion[]>
}

/** What makes an editor one of a language. */
export type LanguageSupport = (known: Known) => Extension

/** Each language comes when the first cell of it does. */
const LOADERS: Record<Language, () => Promise<LanguageSupport>> = {
  typescript: () => import('./languages/typescript.ts').then((module) => module.typescript),
  markdown: () => import('./languages/markdown.ts').then((module) => module.markdown),
  sql: () => import('./languages/sql.ts').then((module) => module.sql),
  python: () => import('@codemirror/lang-python').then((module) => () => module.python()),
}

const loading = new Map<Language, Promise<LanguageSupport>>()
const loaded = new Map<Language, LanguageSupport>()

/** The language with all that helps to write in it. */
async function load(language: Language): Promise<LanguageSupport> {
  const [{ assist }, support] = await Promise.all([import('./assist.ts'), LOADERS[language]()])
  const whole: LanguageSupport = (known) => [assist, support(known)]
  loaded.set(language, whole)
  return whole
}

/** A failed download is tried again at the next need. */
export function loadLanguage(language: Language): Promise<LanguageSupport> {
  const known = loading.get(language)
  if (known) return known
  const started = load(language).catch((error: unknown) => {
    loading.delete(language)
    throw error
  })
  loading.set(language, started)
  return started
}

/** If it is here already. */
export const loadedLanguage = (language: Language): LanguageSupport | undefined => loaded.get(language)
