import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Manifest = z.record(z.string(), z.object({ file: z.string(), imports: z.array(z.string()).default([]) }))
type Chunks = z.infer<typeof Manifest>

/** What a notebook's page asks for as soon as its script has run. Not the editor: it would stand before the token in the browser's queue. */
const NOTEBOOK = ['src/routes/App.tsx', 'src/routes/NotebookRoute.tsx']

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
  // What the page itself names already is named once.
  const files = [...filesOf(chunks, NOTEBOOK)].filter((file) => !page.includes(`"/${file}"`))
  const links = files.map((file) => `<link rel="modulepreload" crossorigin href="/${file}">\n`)
  return page.replace('</head>', () => `${links.join('')}</head>`)
}
