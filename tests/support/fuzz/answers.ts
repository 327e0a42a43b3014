const MASKED = 'Something went wrong on the server.'
const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/
/** What only the inside of a server knows: files, lines of a stack, statements. */
const INSIDE = /node_modules|\/server\/src|\bat [\w.<>]+ \(|"stack"|SQLITE_|select .* from "/

interface ErrorShape {
  message?: unknown
  data?: { code?: unknown; problem?: { kind?: unknown; id?: unknown } }
}

/** What a fuzzed server has answered: counted, and each error of its own looked at. */
export class Answers {
  total = 0
  /** Errors that nobody meant to be thrown. */
  readonly unexpected: string[] = []

  /** Throws when an answer tells what it must not. */
  take(text: string, sent: () => string): void {
    this.total += 1
    if (INSIDE.test(text)) throw new Error(`The inside shows in the answer ${text.slice(0, 500)} to ${sent()}`)
    if (!text.includes('INTERNAL_SERVER_ERROR')) return
    for (const error of errorsIn(JSON.parse(text))) {
      if (error.data?.code !== 'INTERNAL_SERVER_ERROR') continue
      const { message, data } = error
      if (message !== MASKED || data.problem?.kind !== 'internal' || !UUID.test(String(data.problem.id)))
        throw new Error(`An error is not masked: ${text.slice(0, 500)} to ${sent()}`)
      this.unexpected.push(sent())
    }
  }
}

function errorsIn(answer: unknown): ErrorShape[] {
  const all = Array.isArray(answer) ? answer : [answer]
  return all.flatMap((one) => (typeof one === 'object' && one !== null && 'error' in one ? [one.error as ErrorShape] : []))
}
