import type { Chance } from '../random.ts'
import type { Answers } from './answers.ts'
import { BINARY, broken, encode, fragmented } from './frames.ts'
import { RawLine } from './line.ts'
import { asMessage, type Call } from './messages.ts'
import { deepJson, garbled, mutated, noise } from './mutate.ts'

const AT_ONCE = 60
const PATIENCE_MS = 50
/** Enough for subscriptions to pile up, few enough that what they are told does not drown everything. */
const BATCHES_PER_SOCKET = 8

export interface FuzzOptions {
  url: string
  token: string
  calls: readonly Call[]
  chance: Chance
  answers: Answers
}

/** Sends so many frames, right and wrong, over as many sockets as that takes. */
export async function fuzzSockets(count: number, options: FuzzOptions): Promise<void> {
  let left = count
  while (left > 0) {
    const line = await opened(options)
    for (let batch = 0; batch < BATCHES_PER_SOCKET && left > 0 && !line.closed; batch += 1)
      left -= await sendBatch(line, Math.min(AT_ONCE, left), options)
    if (!line.closed) left -= await sendBroken(line, options)
    line.end()
  }
}

/** A socket of the user. Before it, now and then, one that begins with nonsense and gets no further. */
async function opened({ url, token, chance }: FuzzOptions): Promise<RawLine> {
  if (chance.chance(0.2)) {
    const nonsense = await RawLine.open(url)
    nonsense.write(encode({ payload: garbled(Buffer.from('{"method":"connectionParams","data":{}}'), chance) }))
    await nonsense.until(() => false, PATIENCE_MS)
  }
  const line = await RawLine.open(url, !chance.chance(0.05))
  line.say({ method: 'connectionParams', data: { token } })
  return line
}

/** The last thing on a socket: the server ends it, or waits for the rest of what was no frame. */
async function sendBroken(line: RawLine, { chance }: FuzzOptions): Promise<number> {
  line.write(broken(chance))
  await line.until(() => false, PATIENCE_MS)
  return 1
}

/** Then a question, so that no more is under way than the server has answered. Returns how many were sent. */
async function sendBatch(line: RawLine, size: number, { calls, chance, answers }: FuzzOptions): Promise<number> {
  const sent: Buffer[] = []
  for (let n = 0; n < size && !line.closed; n += 1) {
    const bytes = frame(asMessage(chance.oneOf(calls), 1 + chance.below(200), chance), chance)
    sent.push(bytes)
    line.write(bytes)
  }
  const id = 1_000_000 + chance.below(1_000_000)
  line.say({ id, method: 'query', params: { path: 'whoami' } })
  let seen = 0
  const itsId = new RegExp(`"id":${id}[,}]`)
  const answered = () => {
    const fresh = line.answers.slice(seen)
    seen = line.answers.length
    return fresh.some((text) => itsId.test(text))
  }
  await line.until(answered)
  for (const text of line.answers.splice(0))
    answers.take(text, () => sent.map((bytes) => bytes.toString('latin1', 0, 300)).join('\n'))
  return sent.length
}

function frame(message: object, chance: Chance): Buffer {
  const dice = chance.next()
  const text = Buffer.from(JSON.stringify(message))
  if (dice < 0.12) return encode({ payload: text })
  if (dice < 0.6) return encode({ payload: Buffer.from(JSON.stringify(mutated(message, chance)) ?? '') })
  if (dice < 0.82) return encode({ payload: Buffer.from(garbled(text, chance).toString('utf8')) })
  if (dice < 0.9)
    return fragmented(chance.chance(0.5) ? text : Buffer.from(JSON.stringify(mutated(message, chance)) ?? ''), chance)
  if (dice < 0.95) return encode({ payload: noise(chance.below(400), chance), opcode: BINARY })
  if (dice < 0.975)
    return encode({ payload: Buffer.from(chance.oneOf(['', 'PING', 'PONG', 'null', '[]', '"x"', '{}', '1e999'])) })
  if (dice < 0.9755) return encode({ payload: Buffer.from(deepJson(20_000)) })
  if (dice < 0.9757) return encode({ payload: Buffer.alloc(1_100_000, 'x') })
  if (dice < 0.995) return encode({ payload: Buffer.from(garbled(text, chance).toString('latin1')) })
  return encode({ payload: garbled(text, chance) })
}
