import type { Language } from '@rivulet/server/notebook/model'

export const LANGUAGE_NAMES: Record<Language, { name: string; short: string }> = {
  typescript: { name: 'TypeScript', short: 'TS' },
  markdown: { name: 'Markdown', short: 'MD' },
  sql: { name: 'SQL', short: 'SQL' },
  python: { name: 'Python', short: 'PY' },
}

/** What the server can run today, with the command-mode key that turns a cell into it. */
export const AVAILABLE: readonly { language: Language; name: string; key: string }[] = [
  { language: 'typescript', name: 'TypeScript', key: 'Y' },
  { language: 'sql', name: 'SQL', key: 'S' },
  { language: 'markdown', name: 'Markdown', key: 'M' },
]
