import type { FrameLocator, Locator } from 'playwright-core'
import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

const inside = (screen: Screen, place: number): FrameLocator => screen.output(place).locator('iframe').contentFrame()
const runAll = ({ page }: Screen) => page.getByRole('button', { name: /^Run (all|stale)/ }).click()

describeInBrowser('drawings of Observable Plot', () => {
  test('a raster is seen in its frame', async ({ app }) => {
    const screen = await Screen.of(app, [
      'Plot.raster({ x1: 0, y1: 0, x2: 1, y2: 1, width: 40, height: 20, fill: (x, y) => x * y }).plot()',
    ])
    await runAll(screen)
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

  test('tips show what is nearest, in a box around their text; a click holds them', async ({ app }) => {
    const screen = await Screen.of(app, [
      `Plot.plot({ marks: [
        Plot.dot([{ x: 1, y: 1, of: 'near the edge' }, { x: 5, y: 5, of: 'in the middle' }, { x: 9, y: 9, of: 'far' }], { x: 'x', y: 'y', tip: true, channels: { of: 'of' } }),
        Plot.tip(['A remark'], { x: [9], y: [1] }),
      ] })`,
    ])
    const { page } = screen
    await runAll(screen)
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

  test('a drawing keeps letters that can be read, and scrolls in its own box where that is too wide', async ({ app }) => {
    const drawing = 'Plot.plot({ marks: [Plot.barY([1, 2, 3, 4], { x: (_, index) => "label " + index, y: (value) => value })] })'
    const sources = [drawing, 'html`<svg width="900" height="90"><circle r="40" cx="450" cy="45" /></svg>`']
    const screen = await Screen.of(app, sources, { viewport: { width: 380, height: 720 } })
    const { page } = screen
    await runAll(screen)
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
})
