import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

const panel = (screen: Screen) => screen.page.getByRole('tabpanel')

describeInBrowser('the side panel', () => {
  test('outline: headings in their order and depth, names below them; a click goes there', async ({ app }) => {
    const screen = await Screen.of(app, ['# Sales\n\n## By month', 'const months = 12', 'let a = 1, b = 2'])
    const outline = screen.page.getByRole('navigation', { name: 'Outline' })
    expect(await outline.getByRole('button').allTextContents()).toEqual(['Sales', 'By month', 'months', 'a, b'])
    await outline.getByRole('button', { name: 'a, b' }).click()
    await screen.onCell(3)
    expect(await outline.getByRole('button', { name: 'a, b' }).getAttribute('aria-current')).toBe('location')
    await screen.edit(2)
    await screen.write('const quarters = 4')
    await outline.getByRole('button', { name: 'quarters' }).waitFor()
  })

  test('variables: name, type, a glimpse and the cell, live; they go with their cell, and with the kernel', async ({ app }) => {
    const screen = await Screen.of(app, ['const total = 81220.5', 'const list = [1, 2, 3]', 'const twice = total * 2'])
    await screen.page.getByRole('tab', { name: 'variables' }).click()
    await panel(screen).getByText('Names appear here once').waitFor()
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    const row = (name: string) => panel(screen).getByRole('button', { name })
    await row('total').filter({ hasText: 'number' }).filter({ hasText: '81220.5' }).filter({ hasText: 'cell 1' }).waitFor()
    await row('list').filter({ hasText: '[ 1, 2, 3 ]' }).waitFor()
    await row('twice').click()
    await screen.onCell(3)
    await screen.edit(1)
    await screen.write('const total = 10')
    await screen.press('Shift+Enter')
    await row('twice').filter({ hasText: '20' }).waitFor()
    await screen.cell(2).focus()
    await screen.press('d', 'd')
    await row('list').waitFor({ state: 'detached' })
    await row('twice').filter({ hasText: 'cell 2' }).waitFor()
    await screen.choose('Notebook menu', 'Restart the kernel')
    await panel(screen).getByText('Names appear here once').waitFor()
  })

  test('tabs are walked by arrow keys, and the last one is remembered', async ({ app }) => {
    const screen = await Screen.of(app, ['1'])
    await screen.page.getByRole('tab', { name: 'outline' }).focus()
    for (const name of ['variables', 'tables', 'graph', 'history', 'bin', 'outline', 'variables']) {
      await screen.press('ArrowRight')
      await screen.page.locator(`[role="tab"][aria-label="${name}"][aria-selected="true"]:focus`).waitFor()
    }
    await screen.page.reload()
    await screen.opened()
    await screen.page.getByRole('tab', { name: 'variables', selected: true }).waitFor()
  })

  test('380 px: it is a drawer; going to a cell closes it and leads there', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'const b = a'], { viewport: { width: 380, height: 800 } })
    const drawer = screen.page.getByRole('dialog', { name: 'Side panel' })
    const open = () => screen.page.getByRole('button', { name: 'Side panel' }).click()
    await open()
    await drawer.getByRole('button', { name: 'b', exact: true }).click()
    await screen.onCell(2)
    expect(await drawer.count()).toBe(0)
    for (const tab of ['graph', 'history', 'bin']) {
      await open()
      await drawer.getByRole('tab', { name: tab }).click()
      await drawer.getByRole('tabpanel').locator('.graph-node, p, li').first().waitFor()
      expect(await barriers(screen.page)).toEqual([])
      expect(await screen.page.evaluate(() => document.documentElement.scrollWidth)).toBe(380)
      await screen.press('Escape')
    }
    await open()
    await drawer.getByRole('tab', { name: 'graph' }).click()
    await drawer.locator('.graph-node').filter({ hasText: '1 a' }).click()
    await screen.onCell(1)
  })
})
