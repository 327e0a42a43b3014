import { closeSync, openSync, readSync } from 'node:fs'

/** Linux says in a file how many pages each process takes. */
const fileOf = (pid: number | 'self') => `/proc/${pid}/statm`
const MB = 2 ** 20
/** Whoever reads it does so at once. */
const line = Buffer.alloc(256)

function pagesIn(file: number): number | undefined {
  try {
    const [, resident] = line.toString('latin1', 0, readSync(file, line, 0, line.length, 0)).split(' ')
    return resident === undefined ? undefined : Number(resident)
  } catch {
    // The process has ended.
    return undefined
  }
}

let known: number | undefined

/** Nobody tells how large a page is, but this process knows how many bytes it takes itself. */
function pageBytes(): number {
  if (known !== undefined) return known
  const file = openSync(fileOf('self'), 'r')
  known = 2 ** Math.round(Math.log2(process.memoryUsage.rss() / (pagesIn(file) ?? Number.NaN)))
  closeSync(file)
  return known
}

function open(pid: number): { file: number; bytes: number } | undefined {
  try {
    return { bytes: pageBytes(), file: openSync(fileOf(pid), 'r') }
  } catch {
    // Not Linux, no such process, or this one has too many files open.
    return undefined
  }
}

export interface ResidentMemory {
  /** Undefined once the process has ended. */
  megabytes(): number | undefined
  close(): void
}

/** What a process takes, read from a file that stays open: that costs some microseconds. Undefined where there is no such file. */
export function residentMemory(pid: number): ResidentMemory | undefined {
  const opened = open(pid)
  if (!opened) return undefined
  const { file, bytes } = opened
  return {
    megabytes: () => {
      const pages = pagesIn(file)
      return pages === undefined ? undefined : (pages * bytes) / MB
    },
    close: () => closeSync(file),
  }
}
