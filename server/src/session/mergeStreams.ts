import type { Report } from '../notebook/reports.ts'

/** Joins neighbouring pieces of the same stream output, so that a flood of prints costs one change a decision. */
export function mergeStreams(reports: readonly Report[]): Report[] {
  const merged: Report[] = []
  for (const report of reports) {
    const last = merged.at(-1)
    const joined = last && join(last, report)
    if (joined) merged[merged.length - 1] = joined
    else merged.push(report)
  }
  return merged
}

function join(last: Report, next: Report): Report | undefined {
  if (last.kind !== 'output' || next.kind !== 'output' || last.runId !== next.runId) return undefined
  if (last.output.kind !== 'stream' || next.output.kind !== 'stream' || last.output.id !== next.output.id) return undefined
  return { ...next, output: { ...last.output, ...next.output, text: last.output.text + next.output.text } }
}
