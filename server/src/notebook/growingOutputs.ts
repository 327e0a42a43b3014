import type { Output } from './model.ts'

/**
 * A cell's outputs while a fold adds to them: copied once, and each stream found by its id at once. A cell that prints to one stream and the
 * other in turns has thousands of outputs, of which each would be looked through for the next.
 */
export class GrowingOutputs {
  readonly list: Output[]
  private readonly places = new Map<string, number>()

  constructor(outputs: readonly Output[]) {
    this.list = [...outputs]
    for (const [place, { kind, id }] of outputs.entries()) if (kind === 'stream') this.places.set(id, place)
  }

  /** A stream output that continues an earlier one brings its id and only the new text. */
  append(output: Output): void {
    const place = output.kind === 'stream' ? this.places.get(output.id) : undefined
    const known = place === undefined ? undefined : this.list[place]
    if (place !== undefined && known?.kind === 'stream' && output.kind === 'stream') {
      this.list[place] = { ...known, ...output, text: known.text + output.text }
      return
    }
    if (output.kind === 'stream') this.places.set(output.id, this.list.length)
    this.list.push(output)
  }
}
