import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Manifest = z.record(z.string(), z.object({ file: z.string(), imports: z.array(z.string()).default([]) }))
type Chunks = z.infer<typeof Manifest>

/** What a notebook's page asks for as soon as its script has run. */
const AT_ONCE = ['src/routes/App.tsx', 'src/routes/NotebookRoute.tsx']
/** What it asks for once the cells are there: fetched when the browser has nothing better to fetch, and not compiled before it is needed. */
const AFTERWARDS = ['src/features/notebook/Chrome.tsx', 'src/features/cell/editor/editor.ts']

/** The files of these chunks and of all that they import at once. */
function filesOf(chunks: Chunks, names: readonly string[]): Set<string> {
  const files = new Set<string>()
  const visit = (name: string) => {
    const chunk = chunks[name]
    if (!chunk || files.has(chunk.file)) return
    files.add(chunk.file)
    for (const other of chunk.imports) visit(other)
  }
  for (const name of names) visit(name)
  return files
}

/**
 * The page for somebody who opens a notebook and is signed in: the browser fetches and compiles what it will need while its script is
 * still on the way. Without a manifest it is the page as it was built.
 */
export function withPreloads(page: string, folder: string): string {
  const path = join(folder, '.vite/manifest.json')
  if (!existsSync(path)) return page
  const chunks = Manifest.parse(JSON.parse(readFileSync(path, 'utf8')))
  // What is named already is named once.
  const named = (file: string) => page.includes(`"/${file}"`)
  const soon = [...filesOf(chunks, AT_ONCE)].filter((file) => !named(file))
  const later = [...filesOf(chunks, AFTERWARDS)].filter((file) => !named(file) && !soon.includes(file))
  const links = [
    ...soon.map((file) => `<link rel="modulepreload" crossorigin href="/${file}">\n`),
    // With a fragment, else Vite's loader would take it for a preload and let the browser find the imports one after the other.
    ...later.map((file) => `<link rel="prefetch" as="script" crossorigin href="/${file}#later">\n`),
  ]
  return page.replace('</head>', () => `${links.join('')}</head>`)
}
