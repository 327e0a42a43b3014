/** `8 ms`, `1.4 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return '<1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** `just now`, `5 minutes ago`, `yesterday`, and the date beyond a week. */
export function formatAgo(iso: string, now = Date.now()): string {
  const age = new Date(iso).getTime() - now
  if (age < -7 * 86_400_000) return new Date(iso).toLocaleDateString(undefined, { dateStyle: 'medium' })
  for (const [unit, ms] of UNITS) if (Math.abs(age) >= ms) return relative.format(Math.round(age / ms), unit)
  return 'just now'
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}
