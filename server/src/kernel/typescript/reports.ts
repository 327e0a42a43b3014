import { z } from 'zod'
import type { CellError } from '../../notebook/model.ts'
import { Output } from '../../notebook/model.ts'
import type { Outcome, Report } from '../../notebook/reports.ts'
import { FromQueries } from '../sql/questions.ts'
import type { FrameMap } from './frameMap.ts'
import type { RawError } from './inside/protocol.ts'

/** What comes out of the sandbox, checked: the code in there is a stranger's. */

const Place = { line: z.number(), column: z.number() }
const RawErrorShape = z.object({
  name: z.string(),
  message: z.string(),
  frames: z.array(z.object({ url: z.string(), ...Place, in: z.string().optional() })),
  cause: z.string().optional(),
  missing: z.string().optional(),
  syntax: z.object({ message: z.string(), ...Place }).optional(),
})
const OutcomeShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['ok', 'stopped', 'interrupted']), durationMs: z.number() }),
  z.object({ kind: z.literal('error'), durationMs: z.number(), error: RawErrorShape }),
  z.object({ kind: z.enum(['cached', 'skipped']) }),
])
/** Longer than a kernel shows of a tail; all of it is in the journal each second. */
const TAIL_LENGTH = 8 * 1024
const Variable = z.object({ name: z.string(), type: z.string(), preview: z.string(), json: z.unknown().optional() })

export const FromInside = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('started'), runId: z.string() }),
    z.object({ kind: z.literal('output'), runId: z.string(), output: Output }),
    z.object({
      kind: z.literal('progress'),
      runId: z.string(),
      // JSON turns NaN and the infinities into null.
      done: z.number().nullable(),
      total: z.number().nullable(),
      label: z.string().optional(),
    }),
    z.object({ kind: z.literal('tail'), runId: z.string(), text: z.string().max(TAIL_LENGTH) }),
    z.object({ kind: z.literal('finished'), runId: z.string(), outcome: OutcomeShape }),
    z.object({ kind: z.literal('variables'), ask: z.number(), variables: z.array(Variable) }),
    z.object({
      kind: z.literal('rows'),
      ask: z.number(),
      page: z.object({ rows: z.array(z.array(z.unknown())), total: z.number() }).optional(),
    }),
    ...FromQueries,
    z.object({ kind: z.literal('obeyed'), ask: z.number() }),
    z.object({ kind: z.literal('ready') }),
    z.object({ kind: z.literal('memory'), mb: z.number() }),
  ]),
)
export type FromInside = z.infer<typeof FromInside>
export type RunReport = Extract<FromInside[number], { kind: 'started' | 'output' | 'progress' | 'tail' | 'finished' }>

/** What places in cells begin with inside the kernel. */
const PLACES = 'rivulet:'

/** A run's report in the notebook's words: places are the user's own. */
export function toReport(report: RunReport, cellId: string, frames: FrameMap): Report {
  switch (report.kind) {
    case 'started':
      return report
    case 'output':
      return { ...report, output: withPlaces(report.output, (text) => frames.placesIn(text, cellId)) }
    case 'tail':
      return { ...report, text: frames.placesIn(report.text, cellId) }
    case 'progress':
      return { ...report, done: report.done ?? 0, total: report.total ?? 0 }
    case 'finished':
      return { kind: 'finished', runId: report.runId, outcome: toOutcome(report.outcome, cellId, frames) }
  }
}

function toOutcome(outcome: z.infer<typeof OutcomeShape>, cellId: string, frames: FrameMap): Outcome {
  if (outcome.kind !== 'error') return outcome
  return { ...outcome, error: toCellError(outcome.error, cellId, frames) }
}

function toCellError({ name, message, cause, missing, syntax, frames: raw }: RawError, cellId: string, map: FrameMap): CellError {
  if (syntax) return { kind: 'syntax', ...syntax }
  const frames = map.resolve(raw)
  const own = frames[0]?.cell === cellId ? frames[0] : undefined
  if (missing !== undefined) return { kind: 'missing', name: missing, ...(own && { line: own.line, column: own.column }) }
  return { kind: 'thrown', name, message, frames, ...(cause !== undefined && { cause }) }
}

/** Stacks that a cell shows, in all that is shown of it; most outputs hold none, and stay as they are. */
function withPlaces(output: Output, replace: (text: string) => string): Output {
  if (output.kind === 'stream') return output.text.includes(PLACES) ? { ...output, text: replace(output.text) } : output
  if (!String(output.data['text/plain']).includes(PLACES)) return output
  const data = Object.entries(output.data).map(([type, value]) => [type, replaceAll(value, replace)])
  return { ...output, data: Object.fromEntries(data) }
}

function replaceAll(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value)
  if (Array.isArray(value)) return value.map((each) => replaceAll(each, replace))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaceAll(each, replace)]))
}
