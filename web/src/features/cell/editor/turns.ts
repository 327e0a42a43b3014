import { whenIdle } from '../../../ui/whenIdle.ts'

/** How long an editor that is next waits for the browser to be idle, ms. */
const AT_LATEST_MS = 500

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
  if (waiting.length) whenIdle(() => void begin(), AT_LATEST_MS)
  else working = false
}
