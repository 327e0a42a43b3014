import type { BrowserContextOptions } from 'playwright-core'
import { PNG } from 'pngjs'
import { expect } from 'vitest'
import type { App } from '../support/browser.ts'
import { difference, holdStill, settled, TOLERANCE, unlikeStored } from '../support/pictures.ts'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

const SIZE = { width: 1040, height: 720 }
const WRONG = 'const rows = [{ price: 3 }, { price: 5 }]\nconst first = rows.find((row) => row.price > 9)\nfirst.price * 2'
const TABLE = 'Array.from({ length: 12 }, (_, n) => ({ city: "City " + n, visitors: n * 1204, open: n % 3 > 0 }))'

async function guest(app: App, options: BrowserContextOptions = {}) {
  const { context, api } = await app.guest({ viewport: SIZE, ...options })
  await holdStill(context)
  return { context, api }
}

/** The demo notebook, with its editors and what is on the screen drawn. */
async function demo(app: App, options?: BrowserContextOptions): Promise<Screen> {
  const { context } = await guest(app, options)
  const page = await app.tab(context)
  await page.goto('/demo')
  const screen = new Screen(page)
  await screen.opened()
  await screen.live()
  await screen.cell(1).locator('.cm-content').waitFor()
  await screen.cell(3).locator('.cm-content').waitFor()
  await page.evaluate(() => document.fonts.ready)
  return screen
}

/** A notebook of one cell that has run, its first cell alone. */
async function cellAfterRun(app: App, source: string, status: string) {
  const { context, api } = await guest(app)
  const { id } = await api.createNotebook.mutate({ title: 'Picture' })
  await api.applyEdits.mutate({ notebookId: id, edits: [{ insert: { language: 'typescript', source } }] })
  const screen = new Screen(await app.tab(context))
  await screen.page.goto(`/n/${id}`)
  await screen.opened()
  await screen.cell(1).locator('.cm-content').waitFor()
  await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
  await screen.reaches(1, status)
  await screen.output(1).waitFor()
  await screen.page.mouse.move(0, 0)
  return screen.cell(1)
}

describeInBrowser('looks as it did', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the sign-in page, ${colorScheme}`, async ({ app }) => {
      const context = await app.profile({ viewport: SIZE, colorScheme })
      await holdStill(context)
      const page = await app.tab(context)
      await page.goto('/demo')
      await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
      expect(await unlikeStored(`sign-in-${colorScheme}`, page)).toBeUndefined()
    })

    test(`the home page, ${colorScheme}`, async ({ app }) => {
      const { context } = await guest(app, { colorScheme })
      const page = await app.tab(context)
      await page.goto('/')
      await page.getByRole('link', { name: 'Demo notebook' }).waitFor()
      await page.locator('[data-connection="live"]').waitFor()
      expect(await unlikeStored(`home-${colorScheme}`, page)).toBeUndefined()
    })

    test(`the demo notebook with its outline, ${colorScheme}`, async ({ app }) => {
      const screen = await demo(app, { colorScheme })
      await screen.page.getByRole('tabpanel').getByText('Try this').waitFor()
      expect(await unlikeStored(`demo-${colorScheme}`, screen.page)).toBeUndefined()
    })

    test(`a chart, ${colorScheme}`, async ({ app }) => {
      const screen = await demo(app, { colorScheme })
      await screen.cell(5).scrollIntoViewIfNeeded()
      await expect.poll(() => screen.drawing(5)).toContain('<svg')
      await screen.page.mouse.move(0, 0)
      expect(await unlikeStored(`chart-${colorScheme}`, screen.output(5))).toBeUndefined()
    })
  }

  test('the demo notebook at 380 px', async ({ app }) => {
    const screen = await demo(app, { viewport: { width: 380, height: 720 } })
    expect(await unlikeStored('demo-380', screen.page)).toBeUndefined()
  })

  test('an error', async ({ app }) => {
    expect(await unlikeStored('error', await cellAfterRun(app, WRONG, 'failed'))).toBeUndefined()
  })

  test('a table', async ({ app }) => {
    const cell = await cellAfterRun(app, TABLE, 'ok')
    // Its text stands there until the grid is loaded.
    await cell.getByRole('table').waitFor()
    expect(await unlikeStored('table', cell)).toBeUndefined()
  })

  test('the side panel with the graph', async ({ app }) => {
    const screen = await demo(app)
    await screen.page.getByRole('tab', { name: 'graph' }).click()
    await screen.page.getByRole('tabpanel').locator('.graph-node').first().waitFor()
    await screen.page.mouse.move(0, 0)
    expect(await unlikeStored('panel-graph', screen.page.getByRole('complementary', { name: 'Side panel' }))).toBeUndefined()
  })

  test('the sheet of keys', async ({ app }) => {
    const screen = await demo(app)
    await screen.choose('Notebook menu', 'Keyboard shortcuts')
    const sheet = screen.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.getByText('Undo what was done to cells').waitFor()
    expect(await unlikeStored('keys', sheet)).toBeUndefined()
  })

  test('what looks different is noticed', async ({ app }) => {
    const screen = await demo(app)
    const before = PNG.sync.read(await settled(screen.page))
    expect(difference(before, before).share).toBe(0)
    await screen.cell(2).evaluate((cell) => cell.remove())
    expect(difference(before, PNG.sync.read(await settled(screen.page))).share).toBeGreaterThan(TOLERANCE)
  })
})
