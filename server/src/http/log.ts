import { type Logger, pino } from 'pino'

/** To standard error: standard output says that the server is ready, and nothing else. */
export function createLogger(level: string): Logger {
  return pino({ level, serializers: { err: describeError } }, pino.destination(2))
}

interface DescribedError {
  type: string
  message: string
  code?: string
  stack?: string
  cause?: DescribedError
}

const DEEPEST_CAUSE = 4

/**
 * What may be logged of an error. A failed statement carries the values it was given, and those are people's code and outputs:
 * of it only the statement is kept, and of no error any field but these.
 */
function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' }
  const failedQuery = 'query' in error && 'params' in error
  const message = failedQuery ? `Failed query: ${String(error.query)}` : error.message
  return {
    type: error.name,
    message,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(error.stack && { stack: framesOf(error.stack, error.message) }),
    ...(error.cause !== undefined && depth < DEEPEST_CAUSE && { cause: describeError(error.cause, depth + 1) }),
  }
}

/** Where it happened, without the message that a stack begins with. */
function framesOf(stack: string, message: string): string {
  const at = stack.indexOf(message)
  return stack.slice(at < 0 ? 0 : at + message.length).trim()
}
