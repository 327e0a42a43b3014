import { expect } from 'vitest'
import type { App } from '../support/browser.ts'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

/** The home page of a guest who has these notebooks besides the demo and the blank one, the last one edited last. */
async function shelf(app: App, ...titles: string[]) {
  const { context, api } = await app.guest()
  for (const title of titles) await api.createNotebook.mutate({ title })
  const page = await app.tab(context)
  await page.goto('/')
  await page.getByRole('link', { name: 'Demo notebook' }).waitFor()
  const shown = () => page.getByRole('list', { name: 'Notebooks' }).getByRole('link').allTextContents()
  return { page, context, api, shown, screen: new Screen(page) }
}

const PROVISIONED = ['Demo notebook', 'Blank notebook']

describeInBrowser('the list of notebooks', () => {
  test('is sorted as asked, and remembers how', async ({ app }) => {
    const { page, api, shown } = await shelf(app, 'Report 10', 'report 2', 'Archive')
    const own = async () => (await shown()).filter((title) => !PROVISIONED.includes(title))
    const sort = page.getByRole('combobox', { name: 'Sort notebooks' })
    await expect.poll(own).toEqual(['Archive', 'report 2', 'Report 10'])
    await sort.selectOption('Title')
    await expect.poll(own).toEqual(['Archive', 'report 2', 'Report 10'])
    expect((await shown()).indexOf('Archive')).toBeLessThan((await shown()).indexOf('Demo notebook'))
    const [first] = await api.listNotebooks.query()
    await api.insertCell.mutate({ notebookId: first?.id ?? '', language: 'typescript' })
    await sort.selectOption('Most cells')
    await expect.poll(async () => (await shown())[0]).toBe('Demo notebook')
    await page.reload()
    await page.getByRole('link', { name: 'Demo notebook' }).waitFor()
    expect(await sort.inputValue()).toBe('cells')
    expect(await barriers(page)).toEqual([])
  })

  test('is searched by every word, says how many it found, and what it did not', async ({ app }) => {
    const { page, shown } = await shelf(app, 'Sales in spring', 'Sales in autumn')
    const search = page.getByRole('searchbox', { name: 'Search notebooks' })
    await search.fill('spring sales')
    await expect.poll(shown).toEqual(['Sales in spring'])
    await page.getByRole('status').filter({ hasText: '1 notebook found' }).waitFor()
    await search.fill('winter')
    await page.getByText('No notebook is called “winter”.').waitFor()
    expect(await shown()).toEqual([])
    expect(await barriers(page)).toEqual([])
  })

  test('follows what happens in another tab: new, renamed, edited, deleted, restored', async ({ app }) => {
    const { page, context, api, shown } = await shelf(app)
    const other = await app.tab(context)
    await other.goto('/')
    const elsewhere = () => other.getByRole('list', { name: 'Notebooks' }).getByRole('link').allTextContents()
    const { id } = await api.createNotebook.mutate({ title: 'Fresh' })
    await expect.poll(shown).toContain('Fresh')
    await api.renameNotebook.mutate({ id, title: 'Renamed' })
    await expect.poll(shown).toContain('Renamed')
    await api.insertCell.mutate({ notebookId: id, language: 'typescript' })
    await page.getByRole('listitem').filter({ hasText: 'Renamed' }).getByText('1 cell ·').waitFor()
    await new Screen(page).choose('Actions for Renamed', 'Move to bin')
    await expect.poll(elsewhere).not.toContain('Renamed')
    await other.getByText('Bin (1)').click()
    await other.getByRole('button', { name: 'Restore Renamed' }).click()
    await expect.poll(shown).toContain('Renamed')
    await page.getByText('Bin (1)').waitFor({ state: 'detached' })
  })

  test('renaming is left by Escape without a change, and an empty title is none', async ({ app }) => {
    const { page, screen, shown } = await shelf(app, 'Mine')
    const field = page.getByRole('textbox', { name: 'Notebook title' })
    for (const [text, key] of [
      ['Other', 'Escape'],
      ['   ', 'Enter'],
    ] as const) {
      await screen.choose('Actions for Mine', 'Rename')
      await field.fill(text)
      await field.press(key)
      await page.getByRole('link', { name: 'Mine' }).waitFor()
    }
    expect(await shown()).toContain('Mine')
  })

  test('the focus stays in the list: on what was renamed, and beside what has gone', async ({ app }) => {
    const { page, screen } = await shelf(app, 'First', 'Second')
    const focused = () => page.evaluate(() => document.activeElement?.textContent)
    await page.getByRole('combobox', { name: 'Sort notebooks' }).selectOption('Title')
    await screen.choose('Actions for First', 'Rename')
    const field = page.getByRole('textbox', { name: 'Notebook title' })
    await field.fill('Fine')
    await field.press('Enter')
    await page.getByRole('link', { name: 'Fine' }).waitFor()
    await expect.poll(focused).toBe('Fine')
    await screen.choose('Actions for Fine', 'Move to bin')
    await page.getByRole('link', { name: 'Fine' }).waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('Second')
  })

  test('380 px: nothing is wider than the screen', async ({ app }) => {
    const { page } = await shelf(app, `A title that is far too long for a small screen ${'and goes on '.repeat(8)}`)
    await page.setViewportSize({ width: 380, height: 800 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(380)
    expect(await barriers(page)).toEqual([])
  })
})
