/** Calls as soon as the browser has nothing better to do, and at the latest after `timeoutMs`. */
export function whenIdle(run: () => void, timeoutMs: number): void {
  if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: timeoutMs })
  else setTimeout(run, Math.min(timeoutMs, 50))
}
