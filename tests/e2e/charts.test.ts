import type { FrameLocator, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

const BARS = `vegaLite({
  title: 'Sales',
  data: { values: Array.from({ length: count }, (_, n) => ({ month: n, sold: n + 1 })) },
  mark: 'bar',
  encoding: { x: { field: 'month', type: 'ordinal' }, y: { field: 'sold', type: 'quantitative' } },
})`

const TRACES = `plotly([{ type: 'bar', x: ['a', 'b', 'c'], y: [count, 2, 3] }], { title: { text: 'Traces' } })`

/** Whatever of these gets out asks for an address or changes the page's title. */
const HOSTILE = [
  `vegaLite({
    layer: [
      { data: { url: 'https://example.org/data.csv' }, mark: 'point', encoding: { y: { field: 'a' } } },
      { data: { values: [{ a: 1 }] }, mark: { type: 'bar', href: 'javascript:parent.document.title="hacked"' }, encoding: { x: { field: 'a', type: 'ordinal' }, y: { field: 'a', type: 'quantitative' } } },
      { data: { values: [{ a: 1, u: 'https://example.org/image.png' }] }, mark: { type: 'image', width: 9, height: 9 }, encoding: { url: { field: 'u' } } },
    ],
    usermeta: { embedOptions: { ast: false, actions: true, loader: { baseURL: 'https://example.org' }, patch: 'https://example.org/patch.json' } },
  })`,
  `vegaLite({ data: { values: [{ a: 1 }] }, transform: [{ calculate: "toString.constructor('parent.document.title=1')()", as: 'b' }], mark: 'bar', encoding: { x: { field: 'b' } } })`,
  `vegaLite({ data: { values: [{ a: 1 }] }, transform: [{ calculate: 'window.parent', as: 'b' }], mark: 'bar', encoding: { x: { field: 'b' } } })`,
  `plotly([{ y: [1, 2] }], {
    title: { text: '<a href="javascript:parent.document.title=1">link</a><img src=x onerror="parent.document.title=1">' },
    images: [{ source: 'https://example.org/image.png', x: 0, y: 1, sizex: 1, sizey: 1 }],
  }, { plotlyServerURL: 'https://example.org', showSendToCloud: true })`,
]

const chart = (screen: Screen, place: number) => screen.output(place).locator('.chart')
const inside = (screen: Screen, place: number): FrameLocator => screen.output(place).locator('iframe').contentFrame()
const bars = (screen: Screen, place: number) => inside(screen, place).locator('path[aria-roledescription="bar"]')

async function drawn(screen: Screen, place: number): Promise<void> {
  await chart(screen, place).scrollIntoViewIfNeeded()
  await screen.output(place).locator('.chart[data-drawn="true"]').waitFor()
}

async function runAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run (all|stale)/ }).click()
}

/** The colour that text in the chart is painted with. */
const fill = (text: Locator) => text.evaluate((element) => getComputedStyle(element).fill)

describeInBrowser('charts', () => {
  test('Vega-Lite draws its marks, is called by its title and shows its data as a table', async ({ app }) => {
    const screen = await Screen.of(app, ['const count = 4', BARS])
    await runAll(screen.page)
    await drawn(screen, 2)
    await expect.poll(() => bars(screen, 2).count()).toBe(4)
    expect(await screen.output(2).locator('iframe').getAttribute('title')).toBe('Chart: Sales')
    expect(await screen.output(2).locator('.chart-words').count()).toBe(0)
    const box = await screen.output(2).locator('iframe').boundingBox()
    const content = await inside(screen, 2).locator('#root').boundingBox()
    expect(box?.height).toBe(Math.ceil(content?.height ?? 0))
    const more = screen.output(2).getByText('Data of this chart')
    // A click within the same frame as the scroll before it goes to where things were: people see a page before they click on it.
    await more.scrollIntoViewIfNeeded()
    await screen.page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))))
    await more.click()
    await screen.output(2).getByRole('columnheader', { name: /sold/ }).waitFor()
    expect(await screen.output(2).locator('tbody tr').count()).toBe(4)
  })

  test('Plotly draws, and its window to other places is shut', async ({ app }) => {
    const screen = await Screen.of(app, ['const count = 4', TRACES])
    await runAll(screen.page)
    await drawn(screen, 2)
    await expect.poll(() => inside(screen, 2).locator('.barlayer .point').count()).toBe(3)
    expect(await screen.output(2).locator('iframe').getAttribute('title')).toBe('Chart: Traces')
    expect(await inside(screen, 2).locator('.modebar-btn[data-title*="Download"], .modebar a[href^="http"]').count()).toBe(0)
  })

  test('follows the theme while it is open', async ({ app }) => {
    const screen = await Screen.of(app, ['const count = 4', BARS, TRACES])
    await runAll(screen.page)
    for (const place of [2, 3]) await drawn(screen, place)
    const words = [inside(screen, 2).getByText('Sales'), inside(screen, 3).getByText('Traces')]
    for (const word of words) expect(await fill(word)).toBe('rgb(28, 31, 36)')
    await screen.page.emulateMedia({ colorScheme: 'dark' })
    for (const word of words) await expect.poll(() => fill(word)).toBe('rgb(228, 230, 234)')
    await screen.page.getByRole('button', { name: 'Theme: system' }).click()
    for (const word of words) await expect.poll(() => fill(word)).toBe('rgb(28, 31, 36)')
    expect(await bars(screen, 2).count()).toBe(4)
  })

  test('keeps nobody out, in its frame and around it, in either theme', async ({ app }) => {
    const screen = await Screen.of(app, ['const count = 4', BARS, TRACES])
    await runAll(screen.page)
    for (const place of [2, 3]) {
      await drawn(screen, place)
      await screen.output(place).getByText('Data of this chart').click()
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await screen.page.emulateMedia({ colorScheme })
      const ink = colorScheme === 'light' ? 'rgb(28, 31, 36)' : 'rgb(228, 230, 234)'
      await expect.poll(() => fill(inside(screen, 2).getByText('Sales'))).toBe(ink)
      await expect.poll(() => fill(inside(screen, 3).getByText('Traces'))).toBe(ink)
      expect(await barriers(screen.page), colorScheme).toEqual([])
      const frames = screen.page.frames().filter((frame) => frame.url().endsWith('/frame.html'))
      expect(frames).toHaveLength(2)
      for (const frame of frames) expect(await barriers(frame), colorScheme).toEqual([])
    }
  })

  test('a re-run takes the place of what was drawn: nothing piles up, collapses or jumps', async ({ app }) => {
    const screen = await Screen.of(app, ['const count = 4', BARS, TRACES])
    await runAll(screen.page)
    for (const place of [2, 3]) await drawn(screen, place)
    await screen.page.evaluate(() => {
      const heights: number[] = []
      Object.assign(window, { heights })
      for (const box of document.querySelectorAll('.chart')) {
        box.setAttribute('data-marked', 'yes')
        new ResizeObserver(() => heights.push(box.getBoundingClientRect().height)).observe(box)
      }
    })
    const before = (await chart(screen, 2).boundingBox())?.height ?? 0
    for (const count of [5, 6, 7]) {
      await screen.edit(1)
      await screen.write(`const count = ${count}`)
      await screen.press('ControlOrMeta+Enter')
      await expect.poll(() => bars(screen, 2).count()).toBe(count)
      await expect.poll(() => inside(screen, 3).locator('.ytick').last().textContent()).toBe(String(count))
    }
    expect(await inside(screen, 2).locator('#root > *').count()).toBe(1)
    expect(await inside(screen, 3).locator('#root > *').count()).toBe(1)
    expect(await screen.page.locator('.chart[data-marked] iframe').count(), 'the frames are the same ones').toBe(2)
    const heights = await screen.page.evaluate(() => Reflect.get(window, 'heights') as number[])
    expect(Math.min(...heights)).toBeGreaterThan(before - 30)
  })

  test('one that cannot be drawn says why, and is mended by the next run', async ({ app }) => {
    const screen = await Screen.of(app, ['vegaLite({ mark: "nonsense", encoding: {} })', 'const count = 2'])
    await runAll(screen.page)
    await drawn(screen, 1)
    await inside(screen, 1)
      .getByText(/This chart cannot be drawn: its specification is not understood/)
      .waitFor()
    await screen.edit(1)
    await screen.write(BARS)
    await screen.press('ControlOrMeta+Enter')
    await expect.poll(() => bars(screen, 1).count()).toBe(2)
    expect(await inside(screen, 1).locator('.problem').count()).toBe(0)
  })

  test('one that means harm stays in its frame and loads nothing', async ({ app }) => {
    app.allow(
      /Content Security Policy/,
      /^console.error: CSP img-src: https:\/\/example\.org/,
      /^failed: GET https:\/\/example\.org/,
    )
    const screen = await Screen.of(app, HOSTILE)
    const { page } = screen
    const asked: string[] = []
    // What the policy stops is no request yet and does not come by here.
    await page.context().route(/example\.org/, (route) => {
      asked.push(route.request().url())
      return route.abort()
    })
    await runAll(page)
    for (const place of [1, 2, 3, 4]) await drawn(screen, place)
    await inside(screen, 1)
      .getByText(/Not loaded: .*example\.org\/data\.csv/)
      .waitFor()
    await inside(screen, 4)
      .getByText(/Not loaded: https:\/\/example\.org\/image\.png/)
      .waitFor()
    await bars(screen, 1).first().click()
    await inside(screen, 4).locator('.gtitle').click()
    await inside(screen, 2)
      .getByText(/This chart cannot be drawn/)
      .waitFor()
    await inside(screen, 3)
      .getByText(/This chart cannot be drawn/)
      .waitFor()
    const reach = await inside(screen, 1)
      .locator('body')
      .evaluate(() => {
        const said = (attempt: () => unknown) => {
          try {
            return String(attempt())
          } catch (error) {
            return (error as Error).name
          }
        }
        return [said(() => self.origin), said(() => parent.document.title), said(() => localStorage.length)]
      })
    expect(reach).toEqual(['null', 'SecurityError', 'SecurityError'])
    expect(asked).toEqual([])
    expect(await inside(screen, 1).locator('details, .vega-actions').count(), 'no menu that leads elsewhere').toBe(0)
    expect(await page.title()).toBe('Test · Rivulet')
    for (const place of [1, 2, 3, 4]) expect(await inside(screen, place).locator('#root').count()).toBe(1)
  })
})
