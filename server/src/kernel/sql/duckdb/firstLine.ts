import { open } from 'node:fs/promises'
import type { InputFile } from '../engine.ts'

/** Longer first lines are judged by their beginning. */
const MOST_BYTES = 256 * 1024
const DELIMITERS = [',', ';', '\t', '|']

/** What separates the fields of a text, and how many its first line has: what stands there most often, outside of quotation marks. */
export async function firstLineOf(path: string, format: InputFile['format']): Promise<{ delimiter: string; fields: number }> {
  if (format !== 'csv' && format !== 'tsv') return { delimiter: ',', fields: 1 }
  const counts = countIn(await beginningOf(path))
  const countOf = (delimiter: string) => counts.get(delimiter) ?? 0
  const delimiter = format === 'tsv' ? '\t' : DELIMITERS.reduce((a, b) => (countOf(b) > countOf(a) ? b : a))
  return { delimiter, fields: countOf(delimiter) + 1 }
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0)
    return buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\ufeff/, '')
      .trimStart()
  } finally {
    await file.close()
  }
}

function countIn(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    if (quoted) continue
    if (character === '\n' || character === '\r') break
    if (DELIMITERS.includes(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return counts
}
