/** Numbers from samples, and the table they stand in. */

export interface Row {
  /** What was measured, on what. */
  what: string
  /** Milliseconds, megabytes or a count, as `unit` says. */
  value: number
  unit: 'ms' | 'MB' | 'kB' | 'messages' | 'messages/s' | 'runs/s' | 'CLS'
  /** What the same machine did at least, measured in the same run. */
  floor?: { what: string; value: number }
  /** The bar of this product, in the same unit or as a ratio to the floor. */
  bar?: string
  note?: string
}

/** The value below which the share `q` (0–1) of the samples lies; NaN without samples. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

/** Milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** Runs `work` once to warm up, then `times` times; milliseconds each took. */
export async function samplesOf(times: number, work: (round: number) => Promise<unknown> | unknown): Promise<number[]> {
  await work(-1)
  const samples: number[] = []
  for (let round = 0; round < times; round++) {
    samples.push(await timed(async () => work(round)))
  }
  return samples
}

const digits = (value: number) => (value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3)
const shown = (value: number, unit: string) => `${value.toFixed(digits(value))} ${unit}`

/** A Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, value, unit, floor, bar = '', note }) => {
    const ratio = floor ? `${(value / floor.value).toFixed(2)} ×` : ''
    const beside = floor ? `${floor.what}: ${shown(floor.value, unit)}` : ''
    return `| ${what}${note ? ` (${note})` : ''} | ${shown(value, unit)} | ${beside} | ${ratio} | ${bar} |`
  })
  return ['| what | measured | floor in the same run | ratio | bar |', '| --- | ---: | --- | ---: | --- |', ...lines].join('\n')
}
