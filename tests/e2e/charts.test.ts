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

  test('a raster of Observable Plot is seen in its frame', async ({ app }) => {
    const screen = await Screen.of(app, [
      'Plot.raster({ x1: 0, y1: 0, x2: 1, y2: 1, width: 40, height: 20, fill: (x, y) => x * y }).plot()',
    ])
    await runAll(screen.page)
    const image = inside(screen, 1).locator('image')
    await image.waitFor({ state: 'attached' })
    const size = await image.evaluate(async (element) => {
      const picture = new Image()
      picture.src = element.getAttribute('href') ?? element.getAttribute('xlink:href') ?? ''
      await picture.decode()
      return [picture.naturalWidth, picture.naturalHeight]
    })
    expect(size).toEqual([40, 20])
    expect((await image.boundingBox())?.width).toBeGreaterThan(400)
  })

  test('tips of Observable Plot show what is nearest, in a box around their text; a click holds them', async ({ app }) => {
    const screen = await Screen.of(app, [
      `Plot.plot({ marks: [
        Plot.dot([{ x: 1, y: 1, of: 'near the edge' }, { x: 5, y: 5, of: 'in the middle' }, { x: 9, y: 9, of: 'far' }], { x: 'x', y: 'y', tip: true, channels: { of: 'of' } }),
        Plot.tip(['A remark'], { x: [9], y: [1] }),
      ] })`,
    ])
    const { page } = screen
    await runAll(page)
    const frame = inside(screen, 1)
    const dots = frame.locator('g[aria-label="dot"] circle')
    const shown = frame.locator('[data-at]:not([display])')
    await dots.first().waitFor({ state: 'attached' })
    /** Whether the text lies within its box, and the box says something. */
    const framed = (tip: Locator) =>
      tip.evaluate((element) => {
        const [box, text] = ['path', 'text'].map((part) => element.querySelector(part)?.getBoundingClientRect() ?? new DOMRect())
        if (!box || !text || text.width < 10) return false
        return text.left >= box.left && text.right <= box.right && text.top >= box.top && text.bottom <= box.bottom
      })
    expect(await frame.getByText('A remark').isVisible()).toBe(true)
    expect(await framed(frame.locator('[data-tip]:not([data-pointer])'))).toBe(true)
    expect(await shown.count()).toBe(0)
    for (const [at, words] of ['near the edge', 'in the middle', 'far'].entries()) {
      const spot = await dots.nth(at).boundingBox()
      await page.mouse.move((spot?.x ?? 0) + 5, (spot?.y ?? 0) + 5)
      await shown.filter({ hasText: words }).waitFor()
      expect(await shown.count()).toBe(1)
      expect(await framed(shown)).toBe(true)
    }
    await page.mouse.down()
    await page.mouse.up()
    await page.mouse.move(0, 0)
    expect(await shown.filter({ hasText: 'far' }).count()).toBe(1)
  })

  test('a drawing of Observable Plot keeps letters that can be read, and scrolls in its own box where that is too wide', async ({
    app,
  }) => {
    const drawing = 'Plot.plot({ marks: [Plot.barY([1, 2, 3, 4], { x: (_, index) => "label " + index, y: (value) => value })] })'
    const sources = [drawing, 'html`<svg width="900" height="90"><circle r="40" cx="450" cy="45" /></svg>`']
    const screen = await Screen.of(app, sources, { viewport: { width: 380, height: 720 } })
    const { page } = screen
    await runAll(page)
    const root = inside(screen, 1).locator('#root')
    const label = inside(screen, 1).getByText('label 1')
    await label.waitFor()
    /** Of a letter as it is on the screen, px. */
    const size = () =>
      label.evaluate((text: SVGTextElement) => parseFloat(getComputedStyle(text).fontSize) * (text.getScreenCTM()?.a ?? 0))
    await expect.poll(size).toBeGreaterThanOrEqual(9)
    const sizes = () => root.evaluate(({ scrollWidth, clientWidth, scrollLeft }) => ({ scrollWidth, clientWidth, scrollLeft }))
    const before = await sizes()
    expect(before.scrollWidth).toBeGreaterThan(before.clientWidth + 200)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await screen.cell(1).getByRole('button', { name: 'Actions of cell 1' }).focus()
    await screen.press('Tab', 'ArrowRight', 'ArrowRight')
    await expect.poll(async () => (await sizes()).scrollLeft).toBeGreaterThan(0)
    expect(await barriers(page)).toEqual([])
    const frame = await (await screen.output(1).locator('iframe').elementHandle())?.contentFrame()
    const found = frame ? await barriers(frame) : ['no frame']
    // Plot names its groups without giving them a role.
    expect(found.filter((barrier) => !/^aria-prohibited-attr: <g /.test(barrier))).toEqual([])
    // What has no letters is as narrow as the screen.
    const plain = inside(screen, 2).locator('#root')
    await plain.locator('circle').waitFor()
    expect(await plain.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true)
    await page.setViewportSize({ width: 1280, height: 800 })
    await expect.poll(() => root.getAttribute('tabindex')).toBe(null)
    expect(await size()).toBe(10)
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
