import type { Compiled } from '../../language/compiled.ts'
import type { CellError } from '../../notebook/model.ts'
import type { RawFrame } from './inside/protocol.ts'

type Code = Extract<Compiled, { ok: true }>
type Frame = Extract<CellError, { kind: 'thrown' }>['frames'][number]

/** As `inside/stacks.ts` writes them. */
const PLACE = /(rivulet:\d+):(\d+):(\d+)/g

/** A cell's functions outlive their run in other cells' values; code older than this many texts of the cell is forgotten. */
const KEPT_PER_CELL = 4

/** From places in compiled code to the user's own lines, also for functions of other cells and of earlier runs. */
export class FrameMap {
  readonly #code = new Map<string, { cellId: string; code: Code; name: string | undefined }>()
  readonly #urls = new Map<string, string[]>()
  #count = 0

  /** What frames of this code shall be called: the same again while the cell's code is the same. */
  urlOf({ cellId, defines }: { cellId: string; defines: readonly string[] }, code: Code): string {
    const urls = this.#urls.get(cellId) ?? []
    const known = urls.find((url) => this.#code.get(url)?.code === code)
    if (known !== undefined) {
      urls.splice(urls.indexOf(known), 1)
      urls.push(known)
      return known
    }
    this.#count += 1
    const url = `rivulet:${this.#count}`
    this.#code.set(url, { cellId, code, name: defines[0] })
    urls.push(url)
    this.#urls.set(cellId, urls)
    const oldest = urls.length > KEPT_PER_CELL ? urls.shift() : undefined
    if (oldest) this.#code.delete(oldest)
    return url
  }

  /** Frames of the user's own code; the kernel's wrapping, which stands on the first line, is left out. */
  resolve(frames: readonly RawFrame[]): Frame[] {
    return frames.flatMap(({ url, line, column, in: fn }) => {
      const known = this.#code.get(url)
      const at = known?.code.positionOf({ line: line - 1, column })
      return known && at ? [{ cell: known.cellId, line: at.line, column: at.column, ...(fn !== undefined && { in: fn }) }] : []
    })
  }

  /** A stack as cells print it, with the user's own places: `(line 4:20)` in this cell, `(cell of total, line 4:20)` in another. */
  placesIn(text: string, cellId: string): string {
    return text.replace(PLACE, (_, url: string, line: string, column: string) => {
      const known = this.#code.get(url)
      const at = known?.code.positionOf({ line: Number(line) - 1, column: Number(column) })
      if (!known || !at) return 'earlier code'
      const where = known.cellId === cellId ? '' : `${known.name === undefined ? 'another cell' : `cell of ${known.name}`}, `
      return `${where}line ${at.line}:${at.column}`
    })
  }
}
