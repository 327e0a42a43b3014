import type { Completion } from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import type { Language } from '@rivulet/server/notebook/model'

/** Names other cells define, and where: `total`, `cell 3`. */
export type KnownNames = () => Completion[]

/** What makes an editor one of a language. */
export type LanguageSupport = (names: KnownNames) => Extension

/** Each language comes when the first cell of it does. */
const LOADERS: Record<Language, () => Promise<LanguageSupport>> = {
  typescript: () => import('./languages/typescript.ts').then((module) => module.typescript),
  markdown: () => import('./languages/markdown.ts').then((module) => module.markdown),
  sql: () => import('@codemirror/lang-sql').then((module) => () => module.sql()),
  python: () => import('@codemirror/lang-python').then((module) => () => module.python()),
}

const loading = new Map<Language, Promise<LanguageSupport>>()

/** A failed download is tried again at the next need. */
export function loadLanguage(language: Language): Promise<LanguageSupport> {
  const known = loading.get(language)
  if (known) return known
  const started = LOADERS[language]().catch((error: unknown) => {
    loading.delete(language)
    throw error
  })
  loading.set(language, started)
  return started
}
