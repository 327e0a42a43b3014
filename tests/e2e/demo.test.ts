import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

describeInBrowser('a first visit to /demo', () => {
  test('[C1] a guest is in their own demo notebook, with outputs there before anything runs', async ({ app }) => {
    const screen = await Screen.demo(app)
    expect(await screen.cells().count()).toBe(9)
    await screen.shows(2, 'Right now 9 of 36 months are at least 20 °C')
    await screen.output(4).getByText('9 rows · 3 columns').waitFor()
    await screen.page.getByText('kernel starts with the first run').waitFor()
    await screen.cell(5).scrollIntoViewIfNeeded()
    await expect.poll(() => screen.drawing(5)).toContain('<svg')
  })

  test('[F1] [S18] the input that chooses a species drives the query on the file that came along', async ({ app }) => {
    const screen = await Screen.demo(app)
    await screen.output(8).getByText('Torgersen').waitFor()
    await screen.output(7).getByRole('combobox').selectOption('Gentoo')
    await screen.output(8).getByRole('cell', { name: '5076' }).waitFor()
    await screen.output(8).getByText('1 row').waitFor()
    await screen.page.getByRole('tab', { name: 'tables' }).click()
    await screen.page.getByRole('list', { name: 'Databases' }).getByText('344 rows').waitFor()
  })

  test('[S1] editing the first cell by keyboard changes every dependent, in both tabs', async ({ app }) => {
    const context = await app.profile()
    const mine = await Screen.demo(app, context)
    const other = await mine.again(app, context)
    await mine.edit(1)
    await mine.press('ControlOrMeta+End', 'Home')
    for (let at = 0; at < 'const warmFrom = '.length; at++) await mine.press('ArrowRight')
    await mine.press('Delete', 'Delete')
    await mine.page.keyboard.type('25')
    await mine.press('Shift+Enter')
    for (const screen of [mine, other]) {
      await screen.shows(2, 'Right now 3 of 36 months are at least 25 °C')
      await screen.output(4).getByText('3 rows · 3 columns').waitFor()
      await screen.shows(9, 'now 25 °C')
      await screen.cell(5).scrollIntoViewIfNeeded()
      await expect.poll(async () => (await screen.drawing(5)).match(/<circle/g)?.length).toBe(3)
      expect(await screen.source(1)).toContain('const warmFrom = 25')
    }
  })
})
