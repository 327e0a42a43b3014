import { csvLine } from '../../../notebook/csv.ts'
import type { ResultReader, SavedFile } from '../engine.ts'
import type { DuckDbProcess, Question } from './process.ts'
import { ReadAnswer } from './reports.ts'
import { toldBy } from './told.ts'

/** Rejects as the interface of engines has it. */
export async function ask(process: DuckDbProcess, question: Question) {
  try {
    return await process.ask(question)
  } catch (error) {
    throw toldBy(error)
  }
}

/** What is read piece by piece; undefined when the process does not keep it any more. */
export async function openReader(
  process: DuckDbProcess,
  question: Extract<Question, { kind: 'read' | 'save' }>,
): Promise<ResultReader | undefined> {
  const { answer } = await ask(process, question)
  const opened = ReadAnswer.parse(answer)
  if (!opened) return undefined
  const { reader, columns, total } = opened
  let ended = false
  return {
    columns,
    total,
    next: async () => {
      // The process forgets it with its last piece.
      if (ended) return undefined
      const { body } = await ask(process, { kind: 'next', reader })
      ended = body.length === 0
      return ended ? undefined : body
    },
    close: async () => process.tell({ kind: 'close', reader }),
  }
}

/** The names of the columns stand before the first rows. */
export function withHeader(rows: ResultReader): SavedFile {
  let header: string | undefined = csvLine(rows.columns.map(({ name }) => name))
  return {
    next: async () => {
      const piece = await rows.next()
      if (header === undefined) return piece
      const first = Buffer.concat([Buffer.from(header), piece ?? new Uint8Array()])
      header = undefined
      return first
    },
    close: () => rows.close(),
  }
}
