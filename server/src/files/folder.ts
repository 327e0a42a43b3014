import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'

const CONTENT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const INCOMING = '.part'

/** Where the bytes of files are. They are called by numbers of ours, never by a name that somebody gave. */
export class FileFolder {
  readonly #root: string
  readonly #samples: string
  /** What has no row yet. */
  readonly #young = new Set<string>()

  /** `samples`: the folder of what the server brings along. */
  constructor(root: string, samples: string) {
    this.#root = root
    this.#samples = samples
    mkdirSync(root, { recursive: true, mode: 0o700 })
  }

  /** A place for what is about to come; `keep` or `discard` it. */
  begin(): { content: string; path: string } {
    const content = randomUUID()
    this.#young.add(content)
    return { content, path: join(this.#root, content + INCOMING) }
  }

  /** All of it is there. */
  keep(content: string): void {
    renameSync(join(this.#root, content + INCOMING), join(this.#root, content))
  }

  /** Its row was written. */
  settled(content: string): void {
    this.#young.delete(content)
  }

  discard(content: string): void {
    this.#young.delete(content)
    for (const name of [content, content + INCOMING]) rmSync(join(this.#root, name), { force: true })
  }

  /** Undefined when it is not there. */
  pathOf(content: string): string | undefined {
    const sample = /^sample:(\w+)$/.exec(content)?.[1]
    const path = sample ? join(this.#samples, `${sample}.csv`) : CONTENT.test(content) ? join(this.#root, content) : undefined
    return path !== undefined && existsSync(path) ? path : undefined
  }

  /** Removes what no row names: left by a server that was killed, or of notebooks that are gone for good. */
  sweep(known: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#root)) {
      const content = name.endsWith(INCOMING) ? name.slice(0, -INCOMING.length) : name
      // What is none of ours stays where somebody has put it.
      if (!CONTENT.test(content) || this.#young.has(content) || (known.has(content) && content === name)) continue
      rmSync(join(this.#root, name), { force: true })
    }
  }

  /** Bytes that may still be written. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root)
    return bavail * bsize
  }
}
