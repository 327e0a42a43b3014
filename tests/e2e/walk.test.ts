import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

/** What 1280 px are at a zoom of 200 %. */
const ZOOMED = { width: 640, height: 400 }

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document
    const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : undefined
    return at?.getAttribute('aria-label') ?? label?.trim() ?? at?.textContent?.trim() ?? ''
  })

/** Tab until this has the focus: what cannot be reached in a page's worth of steps cannot be reached. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const seen: string[] = []
  for (let steps = 0; steps < 60; steps++) {
    await page.keyboard.press(key)
    seen.push(await focused(page))
    if (name.test(seen.at(-1) ?? '')) return
  }
  throw new Error(`Tab never came to ${name}; it came to ${seen.join(' · ')}`)
}

describeInBrowser('by keyboard alone', () => {
  test('from the sign-in to a result, the panel and back home', async ({ app }) => {
    const page = await app.tab()
    await page.goto('/')
    await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
    await tabTo(page, /^Continue as guest/)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Demo notebook' }).waitFor()
    await tabTo(page, /^Demo notebook$/)
    await page.keyboard.press('Enter')
    const screen = new Screen(page)
    await screen.opened()
    await tabTo(page, /^Outline$/i)
    await screen.press('ArrowRight')
    await expect.poll(() => focused(page)).toBe('variables')
    await tabTo(page, /^Cell 1 of \d/)
    await screen.press('Enter')
    await screen.editing(1)
    await screen.write('const warmFrom = 25')
    await screen.press('Shift+Enter')
    await screen.shows(2, 'at least 25 °C')
    await screen.onCell(2)
    await screen.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await screen.press('Escape')
    await screen.onCell(2)
    await screen.press('ControlOrMeta+k')
    await page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill('kernel and network')
    await screen.press('Enter')
    const dialog = page.getByRole('dialog', { name: /kernel/i })
    await dialog.waitFor()
    expect(await dialog.evaluate((box) => box.contains(document.activeElement))).toBe(true)
    await screen.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await screen.onCell(2)
    await tabTo(page, /^Rivulet, all notebooks$/, 'Shift+Tab')
    await screen.press('Enter')
    await page.getByRole('heading', { name: 'Notebooks', exact: true }).waitFor()
  })
})

describeInBrowser('by keyboard alone, in outputs', () => {
  test('Tab goes past the editors to what a cell shows, and on to the next cell', async ({ app }) => {
    const screen = await Screen.of(app, ['const limit = input.number({ value: 3, label: "Limit" })\nlimit', '// next'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.output(1).getByLabel('Limit').waitFor()
    await screen.press('Escape')
    await screen.onCell(1)
    await tabTo(screen.page, /^Limit$/)
    await tabTo(screen.page, /^Run cell 2$/)
    await tabTo(screen.page, /^Run cell 1$/, 'Shift+Tab')
    await screen.press('Shift+Tab', 'Shift+Tab', 'Shift+Tab')
    expect(await screen.source(1)).toContain('input.number({ value: 3')
  })
})

for (const colorScheme of ['light', 'dark'] as const) {
  describeInBrowser(`at a zoom of 200 %, ${colorScheme}`, () => {
    test('nothing is cut off or out of reach, on the home page and in a notebook', async ({ app }) => {
      const screen = await Screen.demo(app, await app.profile({ colorScheme, viewport: ZOOMED }))
      const { page } = screen
      const width = () => page.evaluate(() => document.documentElement.scrollWidth)
      expect(await width()).toBe(ZOOMED.width)
      await page.getByRole('button', { name: 'Run all' }).waitFor()
      expect(await barriers(page)).toEqual([])
      await page.getByRole('button', { name: 'Side panel' }).click()
      const drawer = page.getByRole('dialog', { name: 'Side panel' })
      for (const tab of ['graph', 'history']) {
        await drawer.getByRole('tab', { name: tab }).click()
        await drawer.getByRole('tabpanel').locator('.graph-node, p, li').first().waitFor()
        expect(await barriers(page)).toEqual([])
      }
      await drawer.getByRole('tab', { name: 'graph' }).click()
      await page.getByRole('button', { name: 'Enlarge the graph' }).click()
      await page.getByRole('dialog', { name: 'Dependency graph' }).locator('.graph-node').first().waitFor()
      expect(await barriers(page)).toEqual([])
      await screen.press('Escape', 'Escape')
      await page.getByRole('dialog').first().waitFor({ state: 'detached' })
      await screen.choose('Notebook menu', 'Kernel and network')
      const dialog = page.getByRole('dialog').last()
      await dialog.waitFor()
      expect(await barriers(page)).toEqual([])
      const box = await dialog.boundingBox()
      expect(box && box.y >= 0 && box.y + box.height <= ZOOMED.height).toBe(true)
      await screen.press('Escape')
      await page.goto('/')
      await page.getByRole('link', { name: 'Demo notebook' }).waitFor()
      expect(await width()).toBe(ZOOMED.width)
      expect(await barriers(page)).toEqual([])
    })
  })
}

describeInBrowser('less motion', () => {
  test('what turns or slides stands still when that is asked for', async ({ app }) => {
    const screen = await Screen.of(app, ['await new Promise(() => {})'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(1, 'running')
    const moving = () =>
      screen.page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)
    await expect.poll(moving).toBe(0)
    await screen.page.emulateMedia({ reducedMotion: 'no-preference' })
    await expect.poll(moving).toBeGreaterThan(0)
  })
})
