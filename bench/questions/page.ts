import { findChromium, HOW_TO_GET_CHROMIUM } from '@rivulet/tests/support/browser.ts'
import { BenchBrowser } from '../support/browser.ts'
import { median, quantile, type Row } from '../support/figures.ts'
import { keyTimes, layoutShift, scrollThrough, shownAt, slowDown, type, watch } from '../support/probes.ts'
import type { BenchServer } from '../support/server.ts'

const LOADS = 3
const SLOWER = 4
const TEXT = 'const answer = rows.filter((row) => row.value > 17) '.repeat(4)

/** Seven lines a cell, each using the one before: what people write, not the least there is. */
const cellsOf = (count: number) => Array.from({ length: count }, (_, n) => sourceOf(n))

function sourceOf(n: number): string {
  const before = n === 0 ? '1' : `total${n - 1}`
  return `// Step ${n} of a longer calculation\nconst rows${n} = [1, 2, 3].map((value) => ({ value }))\nfunction sum${n}(items: { value: number }[]) {\n  return items.reduce((sum, item) => sum + item.value, 0)\n}\nconst total${n} = sum${n}(rows${n}) + ${before}\ntotal${n}`
}

/** The page in a real browser: loading, opening, typing, scrolling, and whether things stay where they are. */
export async function page(server: BenchServer): Promise<Row[]> {
  if (!findChromium()) {
    console.log(`\nThe question \`page\` is left out. ${HOW_TO_GET_CHROMIUM}`)
    return []
  }
  const browser = await BenchBrowser.start(server)
  try {
    return [
      ...(await firstLoads(browser)),
      ...(await opening(browser)),
      ...(await typing(browser, { sizes: [20, 200, 500], to: 'a key to the next frame' })),
      ...(await typingWithoutScreen(server)),
      ...(await scrolling(browser)),
      ...(await jumping(browser)),
    ]
  } finally {
    await browser.stop()
  }
}

type Target = () => Promise<{ page: Awaited<ReturnType<BenchBrowser['stranger']>>; url: string }>

/** Median of several loads, each in a profile with an empty cache. */
async function loading(open: Target, selector: string, { count = 1, slower = 1 } = {}): Promise<number> {
  const samples: number[] = []
  for (let load = 0; load < LOADS; load++) {
    const { page, url } = await open()
    if (slower > 1) await slowDown(page, slower)
    samples.push(await shownAt(page, url, selector, count))
    await page.context().close()
  }
  return median(samples)
}

async function firstLoads(browser: BenchBrowser): Promise<Row[]> {
  const slower = SLOWER
  const empty = { what: `an empty page, ${slower} × slower`, value: await loading(() => browser.emptyPage(), 'p', { slower }) }
  const strange = async () => ({ page: await browser.stranger(), url: `${browser.url}/` })
  const signIn = await loading(strange, 'form, button[type="submit"], main button', { slower })
  const twenty = await loading(() => browser.notebook(cellsOf(20)), '.cm-content', { slower })
  return [
    {
      what: `sign-in shown, processor ${slower} × slower, empty cache`,
      value: signIn,
      unit: 'ms',
      floor: empty,
      bar: '≤ 1,500 ms',
    },
    { what: `… a notebook of 20 cells until one can type`, value: twenty, unit: 'ms', floor: empty, bar: '≤ 1,500 ms' },
  ]
}

async function opening(browser: BenchBrowser): Promise<Row[]> {
  const floor = { what: 'an empty page', value: await loading(() => browser.emptyPage(), 'p') }
  const cells = await loading(() => browser.notebook(cellsOf(500)), 'article', { count: 500 })
  const typable = await loading(() => browser.notebook(cellsOf(500)), '.cm-content')
  return [
    { what: 'a notebook of 500 cells opened until all are on the page', value: cells, unit: 'ms', floor },
    { what: '… until one can type', value: typable, unit: 'ms', floor, bar: '≤ 2,000 ms' },
  ]
}

/** What the page itself needs for a key: nothing waits for the screen, so what is left is handling, layout, painting and handing over. */
async function typingWithoutScreen(server: BenchServer): Promise<Row[]> {
  const browser = await BenchBrowser.withoutScreen(server)
  try {
    return await typing(browser, { sizes: [20, 200], to: 'the work for a key, no waiting for the screen,', bar: '≤ 16 ms' })
  } finally {
    await browser.stop()
  }
}

async function typing(browser: BenchBrowser, { sizes, to, bar }: { sizes: number[]; to: string; bar?: string }): Promise<Row[]> {
  const floor = await typedAlone(browser, 'bare')
  const usual = await typedAlone(browser, 'usual')
  const beside = (q: number) => ({ what: 'a bare CodeMirror', value: quantile(floor, q) })
  const rows: Row[] = [
    {
      what: `${to} in a CodeMirror with colours, brackets and completion, alone on its page, p50`,
      value: median(usual),
      unit: 'ms',
      floor: beside(0.5),
    },
    { what: '… p95', value: quantile(usual, 0.95), unit: 'ms', floor: beside(0.95) },
  ]
  for (const size of sizes) {
    const { page, url } = await browser.notebook(cellsOf(size))
    await page.goto(url)
    await allThere(page, size)
    const samples = await typedInto(page)
    await page.context().close()
    rows.push(
      { what: `${to} with ${size} cells, p50`, value: median(samples), unit: 'ms', floor: beside(0.5) },
      { what: '… p95', value: quantile(samples, 0.95), unit: 'ms', floor: beside(0.95), ...(bar && { bar }) },
    )
  }
  return rows
}

async function typedAlone(browser: BenchBrowser, kind: 'bare' | 'usual'): Promise<number[]> {
  const page = await browser.editor(kind)
  const samples = await typedInto(page)
  await page.context().close()
  return samples
}

/** The rest of the cells follows the first screenful, and the first editor. */
async function allThere(page: Awaited<ReturnType<BenchBrowser['stranger']>>, cells: number): Promise<void> {
  await page.locator('.cm-content').first().waitFor()
  await page
    .locator('article')
    .nth(cells - 1)
    .waitFor({ state: 'attached' })
}

async function typedInto(page: Awaited<ReturnType<BenchBrowser['stranger']>>): Promise<number[]> {
  await page.locator('.cm-content').first().click()
  await page.keyboard.press('ControlOrMeta+End')
  // As after the first sentence: what is typed for the first time is interpreted, not compiled.
  await type(page, TEXT)
  await page.keyboard.press('Enter')
  await watch(page)
  await type(page, TEXT)
  return keyTimes(page)
}

async function scrolling(browser: BenchBrowser): Promise<Row[]> {
  const boxes = await browser.boxes(500)
  const floor = await scrollThrough(boxes)
  await boxes.context().close()
  const { page, url } = await browser.notebook(cellsOf(500))
  await page.goto(url)
  await allThere(page, 500)
  const gaps = await scrollThrough(page)
  await page.context().close()
  return [0.5, 0.95].map((q) => ({
    what: q === 0.5 ? `a frame while 500 cells scroll by, p50` : '… p95',
    value: quantile(gaps, q),
    unit: 'ms' as const,
    floor: { what: '500 boxes of text', value: quantile(floor, q) },
    ...(q === 0.95 && { bar: '≤ 17 ms', note: `${gaps.length} frames` }),
  }))
}

async function jumping(browser: BenchBrowser): Promise<Row[]> {
  const { page, url } = await browser.demo()
  await page.goto(url)
  // The chart is drawn when it is first seen, and then seen from where one presses Run.
  await page.locator('article').nth(4).scrollIntoViewIfNeeded()
  await page.locator('article iframe').contentFrame().locator('svg').first().waitFor()
  await page.locator('article').first().scrollIntoViewIfNeeded()
  await watch(page)
  await page.getByRole('button', { name: /^Run (all|stale)/ }).click()
  await page.getByText(/Run of \d cells done/).waitFor({ state: 'attached' })
  const value = await layoutShift(page)
  await page.context().close()
  return [{ what: 'layout shift while the demo runs again', value, unit: 'CLS', bar: '< 0.05', note: 'what does not move has 0' }]
}
