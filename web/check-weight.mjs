// Counts what a browser downloads, gzipped, from the manifest of the built app. Run after `pnpm build`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = join(import.meta.dirname, 'dist')
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))

const SHELL = ['index.html', 'src/routes/App.tsx', 'src/routes/NotebookRoute.tsx', 'src/features/notebook/Chrome.tsx']
const EDITOR = [...SHELL, 'src/features/cell/editor/editor.ts']

/**
 * Thousands of bytes, about 1 % above what was measured; React and CodeMirror are 155 of a notebook's. Nothing of the last line is asked for
 * before the first editor is there.
 */
const BUDGETS = [
  { what: 'before sign-in', entries: ['index.html'], budget: 10 },
  { what: 'a notebook and its bars until one can type', entries: EDITOR, budget: 243 },
  {
    what: '… with TypeScript’s colours and completions',
    entries: [...EDITOR, 'src/features/cell/editor/assist.ts', 'src/features/cell/editor/languages/typescript.ts'],
    budget: 300,
  },
]
const CSS_BUDGET = 10

/** The chunk, and everything it imports at once. */
function closure(name, seen = new Set()) {
  const chunk = manifest[name]
  if (!chunk) throw new Error(`The manifest has no ${name}: was it renamed?`)
  if (seen.has(name)) return seen
  seen.add(name)
  for (const other of chunk.imports ?? []) closure(other, seen)
  return seen
}

const weights = new Map()
function weightOf(file) {
  if (!weights.has(file)) weights.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length)
  return weights.get(file)
}

const sum = (files) => [...files].reduce((total, file) => total + weightOf(file), 0)
const written = (bytes) => `${(bytes / 1000).toFixed(1)} kB`
let over = false

function report(what, files, budget) {
  const bytes = sum(files)
  const tooMuch = bytes > budget * 1000
  over ||= tooMuch
  console.log(`${tooMuch ? 'OVER' : 'ok  '} ${what}: ${written(bytes)} gzip of ${budget} kB`)
  if (!tooMuch) return
  const heaviest = [...files].toSorted((a, b) => weightOf(b) - weightOf(a)).slice(0, 8)
  for (const file of heaviest) console.log(`       ${written(weightOf(file)).padStart(9)}  ${file}`)
}

for (const { what, entries, budget } of BUDGETS) {
  const names = new Set(entries.flatMap((entry) => [...closure(entry)]))
  report(what, new Set([...names].map((name) => manifest[name].file)), budget)
}
report('style sheet', new Set(manifest['index.html'].css), CSS_BUDGET)
process.exitCode = over ? 1 : 0
