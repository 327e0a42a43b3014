/** Bytes that grow; they are collected, and put together once. */
export class Bytes {
  #parts: Uint8Array[] = []
  length = 0

  add(part: Uint8Array): void {
    this.#parts.push(part)
    this.length += part.length
  }

  flush(): Uint8Array {
    const bytes = new Uint8Array(this.length)
    let at = 0
    for (const part of this.#parts) {
      bytes.set(part, at)
      at += part.length
    }
    this.#parts = []
    this.length = 0
    return bytes
  }
}

const SOME = 65_536

/** Bits that grow, the lowest of a byte first. */
export class Bits {
  #bytes = new Uint8Array(SOME >> 3)
  length = 0
  /** How many are not set. */
  missing = 0

  /** `count` bits of `bits` from `from` on; without bits, all of them are set. */
  add(bits: Uint8Array | undefined, from: number, count: number): void {
    this.#grow(this.length + count)
    for (let n = 0; n < count; ) {
      const at = this.length + n
      const place = from + n
      // Up to the end of the byte, on both sides.
      const width = Math.min(8 - (at & 7), 8 - (place & 7), count - n)
      const mask = (1 << width) - 1
      const value = bits ? ((bits[place >> 3] as number) >> (place & 7)) & mask : mask
      this.#bytes[at >> 3] = (this.#bytes[at >> 3] as number) | (value << (at & 7))
      this.missing += width - (ONES[value] as number)
      n += width
    }
    this.length += count
  }

  /** Nothing when all of them are set, unless they are wanted all the same. */
  flush(always = false): Uint8Array {
    const bytes = this.missing > 0 || always ? this.#bytes.slice(0, Math.ceil(this.length / 8)) : new Uint8Array()
    this.#bytes.fill(0)
    this.length = 0
    this.missing = 0
    return bytes
  }

  #grow(length: number): void {
    const needed = Math.ceil(length / 8)
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

/** How many bits of a byte are set. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)
