import { setTimeout as pause } from 'node:timers/promises'
import { FaultyLine } from './faultyLine.ts'
import { nowInSeconds, type TestIssuer } from './issuer.ts'
import type { Ledger } from './ledger.ts'
import type { Chance } from './random.ts'
import { Traveller } from './traveller.ts'

/** What may happen to somebody's connection, and how often beside the others. */
const WEIGHTS = { cut: 10, reset: 10, breaks: 12, stall: 4, sleep: 4, trickle: 6, doubled: 6, expires: 2, expired: 1, storm: 4 }
export type Fault = keyof typeof WEIGHTS
const BAG = Object.entries(WEIGHTS).flatMap(([kind, weight]) => Array<Fault>(weight).fill(kind as Fault))

/** Seconds. */
const GOOD = 3_600

export interface JourneyOptions {
  name: string
  notebookId: string
  server: () => string
  issuer: TestIssuer
  ledger: Ledger
  chance: Chance
}

/** One traveller, the line it hangs on, and the tokens it is given. */
export class Journey {
  readonly suffered: Record<Fault, number> = mapped(() => 0)
  readonly traveller: Traveller
  private readonly line: FaultyLine
  private readonly chance: Chance
  private readonly tokens: { secondsLeft: number }

  private constructor(line: FaultyLine, traveller: Traveller, { chance }: JourneyOptions, tokens: Journey['tokens']) {
    this.line = line
    this.traveller = traveller
    this.chance = chance
    this.tokens = tokens
  }

  static async begin(options: JourneyOptions): Promise<Journey> {
    const { issuer, server, notebookId, ledger, name } = options
    const line = await FaultyLine.to(server)
    const tokens = { secondsLeft: GOOD }
    const token = () => issuer.token('author', { expiresAt: nowInSeconds() + tokens.secondsLeft })
    const traveller = new Traveller({ url: line.url, notebookId, token, ledger, name })
    await traveller.until(() => traveller.state !== undefined)
    return new Journey(line, traveller, options, tokens)
  }

  get cuts(): number {
    return Object.values(this.suffered).reduce((sum, count) => sum + count, 0)
  }

  /** Something happens at some moment; resolves once the traveller has all that was acknowledged by then. */
  async suffer(acknowledged: () => number): Promise<void> {
    await this.traveller.hears(this.chance.below(4))
    const fault = this.chance.oneOf(BAG)
    await this[fault]()
    this.suffered[fault] += 1
    await this.traveller.reached(acknowledged())
  }

  async end(): Promise<void> {
    await this.traveller.leave()
    await this.line.close()
  }

  private cut(): void {
    this.line.cut()
  }

  private reset(): void {
    this.line.reset()
  }

  /** In the middle of a frame: of an event, or of the head of one. */
  private async breaks(): Promise<void> {
    await this.closed(() => this.line.breakAfter(1 + this.chance.below(1_500)))
  }

  /** Half-open: only that nothing is answered says so. */
  private async stall(): Promise<void> {
    await this.closed(() => this.line.stall())
  }

  /** Done to a connection that is there; resolves once the traveller has lost it. */
  private async closed(work: () => void): Promise<void> {
    await this.traveller.hears(1)
    const before = this.traveller.closings.length
    work()
    await this.traveller.until(() => this.traveller.closings.length > before)
  }

  private async sleep(): Promise<void> {
    this.line.down()
    await pause(50 + this.chance.below(250))
    this.line.up()
  }

  private async trickle(): Promise<void> {
    this.line.trickle({ delayMs: 1 + this.chance.below(8), pieceBytes: 16 + this.chance.below(400) })
    await this.traveller.hears(1 + this.chance.below(4))
    this.line.cut()
    await this.traveller.hears(1)
    this.line.trickle()
  }

  private async doubled(): Promise<void> {
    this.line.doubled(true)
    this.line.cut()
    await this.traveller.hears(2)
    this.line.doubled(false)
  }

  /** Its token ends while it listens: the server closes with 4401. */
  private expires(): Promise<void> {
    return this.withToken(1, () => this.traveller.closings.filter((code) => code === 4401).length)
  }

  /** It comes back with a token from before it slept: refused, and again with a fresh one. */
  private expired(): Promise<void> {
    return this.withToken(-60, () => this.traveller.renewals)
  }

  /** Comes back with such a token, until what is counted has happened once more. */
  private async withToken(secondsLeft: number, count: () => number): Promise<void> {
    const before = count()
    this.tokens.secondsLeft = secondsLeft
    this.line.cut()
    await this.traveller.until(() => count() > before)
    this.tokens.secondsLeft = GOOD
  }

  /** Several within moments, also while it is coming back. */
  private async storm(): Promise<void> {
    for (let left = 4; left > 0; left -= 1) {
      this.line[this.chance.oneOf(['cut', 'reset'] as const)]()
      await pause(this.chance.below(25))
    }
  }
}

function mapped(value: () => number): Record<Fault, number> {
  return Object.fromEntries(Object.keys(WEIGHTS).map((kind) => [kind, value()])) as Record<Fault, number>
}
