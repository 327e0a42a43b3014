import { expect } from 'vitest'
import type { App } from '../support/browser.ts'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

async function home(app: App) {
  const { context } = await app.guest()
  const page = await app.tab(context)
  await page.goto('/')
  const titles = () => page.getByRole('list', { name: 'Notebooks' }).getByRole('link').allTextContents()
  await page.getByRole('link', { name: 'Demo notebook' }).waitFor()
  return { page, context, titles, screen: new Screen(page) }
}

describeInBrowser('home', () => {
  test('[C1] lists the demo and the blank notebook, makes a new one, and follows in another tab', async ({ app }) => {
    const { page, context, titles, screen } = await home(app)
    expect((await titles()).toSorted()).toEqual(['Blank notebook', 'Demo notebook'])
    const other = await app.tab(context)
    await other.goto('/')
    await other.getByRole('link', { name: 'Demo notebook' }).waitFor()
    await page.getByRole('button', { name: 'New', exact: true }).click()
    await page.waitForURL(/\/n\/[0-9a-f-]{36}$/)
    const title = page.getByRole('textbox', { name: 'Notebook title' })
    await title.fill('Sales 2026')
    await title.press('Enter')
    await other.getByRole('link', { name: 'Sales 2026' }).click()
    await other.getByText('An empty notebook').waitFor()
    expect(other.url()).toBe(page.url())
    await page.getByRole('button', { name: 'TypeScript' }).click()
    await screen.editing(1)
  })

  test('rename, duplicate, search, bin and undo', async ({ app }) => {
    const { page, titles, screen } = await home(app)
    await screen.choose('Actions for Blank notebook', 'Rename')
    const field = page.getByRole('textbox', { name: 'Notebook title' })
    await field.fill('Scratch')
    await field.press('Enter')
    await page.getByRole('link', { name: 'Scratch' }).waitFor()
    await screen.choose('Actions for Demo notebook', 'Duplicate')
    await expect.poll(async () => (await titles()).length).toBe(3)
    const copy = (await titles()).find((title) => title !== 'Scratch' && title !== 'Demo notebook') ?? ''
    expect(copy).toContain('Demo notebook')
    await page.getByRole('searchbox', { name: 'Search notebooks' }).fill('scr')
    await expect.poll(titles).toEqual(['Scratch'])
    await page.getByRole('searchbox', { name: 'Search notebooks' }).fill('')
    await screen.choose(`Actions for ${copy}`, 'Move to bin')
    await expect.poll(async () => (await titles()).includes(copy)).toBe(false)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await titles()).includes(copy)).toBe(true)
    await screen.choose(`Actions for ${copy}`, 'Move to bin')
    await page.getByText('Bin (1)').click()
    await page.getByRole('button', { name: `Restore ${copy}` }).click()
    await expect.poll(async () => (await titles()).includes(copy)).toBe(true)
    await page.getByText('Bin (1)').waitFor({ state: 'detached' })
  })

  test('a notebook that goes to the bin and comes back in another tab does so where it is open', async ({ app }) => {
    const { page, context, screen } = await home(app)
    app.allow(/404/)
    const other = await app.tab(context)
    await other.goto('/')
    await other.getByRole('link', { name: 'Blank notebook' }).click()
    await other.getByText('An empty notebook').waitFor()
    await screen.choose('Actions for Blank notebook', 'Move to bin')
    await other.getByText('Notebook not found').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await other.getByText('An empty notebook').waitFor()
  })

  test('a row’s new name is kept by Enter and by leaving the field, and not by Escape or when nothing is left of it', async ({
    app,
  }) => {
    const { page, titles, screen } = await home(app)
    const field = page.getByRole('textbox', { name: 'Notebook title' })
    const rename = async (from: string, to: string) => {
      await screen.choose(`Actions for ${from}`, 'Rename')
      await expect.poll(() => field.evaluate((box: HTMLInputElement) => getSelection()?.toString() ?? box.value)).toBe(from)
      await page.keyboard.press('ControlOrMeta+A')
      await (to ? page.keyboard.insertText(to) : page.keyboard.press('Delete'))
    }
    const focused = (title: string) => page.locator(':focus').filter({ hasText: title }).waitFor()
    await rename('Blank notebook', '  By Enter ')
    await screen.press('Enter')
    await focused('By Enter')
    await rename('By Enter', 'By Escape')
    await screen.press('Escape')
    await focused('By Enter')
    await rename('By Enter', 'By leaving')
    await page.getByRole('searchbox', { name: 'Search notebooks' }).click()
    await page.getByRole('link', { name: 'By leaving' }).waitFor()
    await page.locator('input[type="search"]:focus').waitFor()
    await rename('By leaving', '')
    await screen.press('Enter')
    await focused('By leaving')
    expect(await field.count()).toBe(0)
    await page.reload()
    await page.getByRole('link', { name: 'By leaving' }).waitFor()
    expect((await titles()).toSorted()).toEqual(['By leaving', 'Demo notebook'])
  })

  test('a notebook’s name on its own page is kept by Enter and by leaving the field, and not by Escape', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1'])
    const { page } = screen
    const other = await screen.again(app, page.context())
    const title = (of: Screen) => of.page.getByRole('textbox', { name: 'Notebook title' })
    const named = (of: Screen, name: string) => expect.poll(() => title(of).inputValue()).toBe(name)
    await title(screen).fill('By Enter')
    await screen.press('Enter')
    await named(other, 'By Enter')
    expect(await page.title()).toBe('By Enter · Rivulet')
    await title(screen).fill('By Escape')
    await screen.press('Escape')
    await named(screen, 'By Enter')
    await title(screen).fill('   ')
    await screen.press('Enter')
    await named(screen, 'By Enter')
    await title(screen).fill('By leaving')
    await screen.edit(1)
    await named(other, 'By leaving')
    // Room for what is in it, and for no more.
    const width = () => title(screen).evaluate((field) => field.getBoundingClientRect().width)
    const before = await width()
    await title(screen).fill('By leaving it for something else')
    expect(await width()).toBeGreaterThan(before)
    await screen.press('Escape')
    expect(await width()).toBe(before)
    await named(other, 'By leaving')
  })

  test('the selector says which notebook is on the page, also after switching', async ({ app }) => {
    const { page, screen } = await home(app)
    await page.getByRole('link', { name: 'Demo notebook' }).click()
    await screen.opened()
    const title = page.getByRole('textbox', { name: 'Notebook title' })
    await expect.poll(() => title.inputValue()).toBe('Demo notebook')
    await screen.choose('Switch notebook', 'Blank notebook')
    await expect.poll(() => title.inputValue()).toBe('Blank notebook')
    await page.getByText('An empty notebook').waitFor()
    await page.getByRole('button', { name: 'Switch notebook' }).click()
    const chosen = page.getByRole('menuitemradio', { checked: true })
    expect(await chosen.allTextContents()).toEqual(['Blank notebook'])
    await page.keyboard.press('Escape')
    await page.goBack()
    await expect.poll(() => title.inputValue()).toBe('Demo notebook')
    await screen.opened()
    expect(await screen.cells().count()).toBe(9)
  })

  test('[C2] an address of no notebook says so and leads home', async ({ app }) => {
    const { page } = await home(app)
    await page.goto('/n/xyz')
    await page.getByRole('heading', { name: 'Notebook not found' }).waitFor()
    await page.getByRole('link', { name: 'All notebooks' }).click()
    await page.getByRole('heading', { name: 'Notebooks', exact: true }).waitFor()
  })

  test('a notebook put into the bin elsewhere says so where it is open', async ({ app }) => {
    const { page, context } = await home(app)
    const other = await app.tab(context)
    await other.goto('/n/blank')
    await other.getByText('An empty notebook').waitFor()
    await new Screen(page).choose('Actions for Blank notebook', 'Move to bin')
    await other.getByRole('heading', { name: 'Notebook not found' }).waitFor()
  })

  test('the theme is chosen, kept, and followed by the charts', async ({ app }) => {
    const { page, screen } = await home(app)
    const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
    await screen.choose('Account of Guest', 'Dark')
    await expect.poll(scheme).toBe('dark')
    await page.goto('/demo')
    await screen.opened()
    expect(await scheme()).toBe('dark')
    await screen.cell(5).scrollIntoViewIfNeeded()
    const inFrame = () =>
      screen
        .output(5)
        .locator('iframe')
        .contentFrame()
        .locator('html')
        .evaluate((html) => getComputedStyle(html).colorScheme)
    await expect.poll(inFrame).toBe('dark')
    await screen.choose('Account of Guest', 'Light')
    await expect.poll(inFrame).toBe('light')
  })

  for (const [look, options] of [
    ['light', {}],
    ['dark', { colorScheme: 'dark' as const }],
    ['narrow', { viewport: { width: 380, height: 720 } }],
  ] as const)
    test(`an address where nothing is says so, and leads home, ${look}`, async ({ app }) => {
      const { context } = await app.guest(options)
      const page = await app.tab(context)
      await page.goto('/n/one/two')
      await page.getByRole('heading', { level: 1, name: 'There is nothing at this address' }).waitFor()
      expect(await page.title()).toBe('There is nothing at this address · Rivulet')
      expect(await barriers(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await page.getByRole('link', { name: 'All notebooks' }).click()
      await page.getByRole('link', { name: 'Demo notebook' }).waitFor()
      expect(await page.title()).not.toContain('nothing')
    })

  test('somebody who is not signed in is asked to, and finds nothing at an unknown address then', async ({ app }) => {
    const page = await app.tab()
    await page.goto('/settings')
    await page.getByRole('button', { name: 'Continue as guest' }).click()
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/settings')
    for (const way of ['/n', '/demo/more']) {
      await page.goto(way)
      await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor()
    }
    await page.goto('/demo/')
    await page.getByRole('textbox', { name: 'Notebook title' }).waitFor()
  })
})
