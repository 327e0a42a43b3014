import type { CDPSession, Page } from 'playwright-core'

/** What is measured inside a page. Everything here is in the page's own milliseconds. */

interface Probe {
  keys: number[]
  shift: number
  readyAt?: number
}

/** From now on every key is timed from its press until the frame that follows it has been handed over, and layout shifts are summed up. */
export async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const probe: Probe = { keys: [], shift: 0 }
    Object.assign(window, { probe })
    const painted = new MessageChannel()
    const pressed: number[] = []
    painted.port1.onmessage = () => {
      const now = performance.now()
      for (const at of pressed.splice(0)) probe.keys.push(now - at)
    }
    const onKey = (event: KeyboardEvent) => {
      pressed.push(event.timeStamp)
      requestAnimationFrame(() => painted.port2.postMessage(null))
    }
    window.addEventListener('keydown', onKey, true)
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) probe.shift += Reflect.get(entry, 'value')
    }).observe({ type: 'layout-shift' })
  })
}

export const keyTimes = (page: Page): Promise<number[]> => page.evaluate(() => (Reflect.get(window, 'probe') as Probe).keys)
export const layoutShift = (page: Page): Promise<number> => page.evaluate(() => (Reflect.get(window, 'probe') as Probe).shift)

/** Milliseconds from the start of the navigation to the first frame in which `selector` finds at least `count` elements of size. */
export async function shownAt(page: Page, url: string, selector: string, count = 1): Promise<number> {
  await page.addInitScript(
    ([wanted, least]) => {
      const look = () => {
        const found = document.querySelectorAll(wanted)
        const last = found[found.length - 1]
        if (found.length >= least && last && last.getClientRects().length > 0)
          Object.assign(window, { shownAt: performance.now() })
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    },
    [selector, count] as const,
  )
  await page.goto(url)
  const seen = await page.waitForFunction(() => Reflect.get(window, 'shownAt') as number | undefined)
  return (await seen.jsonValue()) ?? Number.NaN
}

/** Scrolls by a wheel's notch a frame through the whole page; the time between every two frames. */
export function scrollThrough(page: Page, pixels = 120): Promise<number[]> {
  return page.evaluate(async (step) => {
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
    const gaps: number[] = []
    window.scrollTo(0, 0)
    let last = await nextFrame()
    while (window.scrollY + window.innerHeight < document.documentElement.scrollHeight - 1) {
      window.scrollBy({ top: step, behavior: 'instant' })
      const now = await nextFrame()
      gaps.push(now - last)
      last = now
    }
    return gaps
  }, pixels)
}

/** Types as a quick person does, into whatever has the focus. */
export async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text, { delay: 35 })
}

/** Makes the page's processor this many times slower. */
export async function slowDown(page: Page, times: number): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: times })
  return session
}
