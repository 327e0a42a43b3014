import { damageOfOpen, damageText, markDamaged } from '@rivulet/db/integrity'
import { isDamage } from './trpc/storage.ts'

/** A file that is damaged where nobody reads is noticed within a day, while there are backups from before. */
const EVERY_MS = 24 * 60 * 60 * 1_000

export interface IntegrityOptions {
  /** The database's file. */
  path: string
  /** It was looked through when it was opened. */
  checked: boolean
  everyMs?: number | undefined
  /** Told once, with the words for the operator. */
  onDamage: (message: string) => void
  onError: (error: unknown, what: string) => void
}

/** Whether the database is sound: looks through it now and then beside the work, and at what goes wrong meanwhile. */
export class Integrity {
  /** Resolves, with the words for the operator, if damage is ever found. */
  readonly damaged: Promise<string>
  private readonly options: IntegrityOptions
  private readonly closed = new AbortController()
  private readonly timer: NodeJS.Timeout
  private report: (message: string) => void = () => undefined
  private found = false

  constructor(options: IntegrityOptions) {
    this.options = options
    this.damaged = new Promise((resolve) => {
      this.report = resolve
    })
    this.timer = setInterval(() => this.check(), options.everyMs ?? EVERY_MS)
    this.timer.unref()
    if (!options.checked) this.check()
  }

  get isDamaged(): boolean {
    return this.found
  }

  /** Something went wrong: SQLite may have said why. */
  saw(error: unknown): void {
    if (isDamage(error)) this.isDamagedBy(error instanceof Error ? error.message : String(error))
  }

  close(): void {
    clearInterval(this.timer)
    this.closed.abort()
  }

  private check(): void {
    damageOfOpen(this.options.path, this.closed.signal).then(
      (found) => found !== undefined && this.isDamagedBy(found),
      (error: unknown) => this.closed.signal.aborted || this.options.onError(error, 'looking through the database'),
    )
  }

  private isDamagedBy(found: string): void {
    if (this.found) return
    this.found = true
    try {
      markDamaged(this.options.path, found)
    } catch (error) {
      this.options.onError(error, 'marking the database as damaged')
    }
    const message = damageText(this.options.path, found)
    this.options.onDamage(message)
    this.report(message)
  }
}
