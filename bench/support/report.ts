import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

/** The document whose tables the benchmarks write; the words around them are written by people. */
const DOCUMENT = new URL('../../docs/performance.md', import.meta.url)

/** On what and when something was measured, one line. */
export function machine(): string {
  const memory = Math.round(totalmem() / 2 ** 30)
  const date = new Date().toISOString().slice(0, 10)
  return `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GiB, ${process.platform}, ${date}`
}

/**
 * Puts `text` between the marks of the block `name` in `docs/performance.md`.
 * @throws Error when the document has no such block.
 */
export function writeBlock(name: string, text: string): void {
  const document = readFileSync(DOCUMENT, 'utf8')
  const [begin, end] = [`<!-- measured: ${name} -->`, `<!-- end: ${name} -->`]
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no block ${name}: write "${begin}" and "${end}" into it`)
  writeFileSync(DOCUMENT, `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`)
}
