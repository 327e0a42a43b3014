type Work = () => Promise<unknown>

const waiting: Work[] = []
let working = false

/** One after the other, the first as soon as what is there is painted: a screenful of editors at once would hold up the first key. */
export function inTurn(work: Work): void {
  waiting.push(work)
  if (working) return
  working = true
  requestAnimationFrame(() => setTimeout(() => void begin()))
}

async function begin(): Promise<void> {
  await waiting.shift()?.()
  if (waiting.length) whenIdle(() => void begin())
  else working = false
}

function whenIdle(run: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 500 })
  else setTimeout(run, 50)
}
