import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

describeInBrowser('finding in the notebook', () => {
  test('Ctrl+F finds in every cell, walks through the places and replaces them all, with Undo', async ({ app }) => {
    const screen = await Screen.of(app, ['const price = 1', '// nothing here', 'price + price'])
    const { page } = screen
    await screen.edit(1)
    await screen.press('ControlOrMeta+f')
    const bar = page.getByRole('search', { name: 'Find in notebook' })
    await page.keyboard.type('price')
    await bar.getByText('3', { exact: true }).waitFor()
    await screen.press('Enter')
    await bar.getByText('1 of 3').waitFor()
    await screen.press('Enter', 'Enter')
    await bar.getByText('3 of 3').waitFor()
    await screen.press('Enter')
    await bar.getByText('1 of 3').waitFor()
    await screen.press('Shift+Enter')
    await bar.getByText('3 of 3').waitFor()
    await bar.getByRole('textbox', { name: 'Replace with' }).fill('cost')
    await bar.getByRole('button', { name: 'All' }).click()
    await screen.order('const cost = 1', '// nothing here', 'cost + cost')
    await page.getByRole('button', { name: 'Undo' }).click()
    await screen.order('const price = 1', '// nothing here', 'price + price')
    await screen.press('ControlOrMeta+f', 'Enter', 'Escape')
    await bar.waitFor({ state: 'detached' })
    await screen.editing(1)
    await page.keyboard.type('amount')
    await screen.order('const amount = 1', '// nothing here', 'price + price')
    expect(await bar.count()).toBe(0)
  })

  test('gives the focus back when nothing was found: to the cursor, or to the cell', async ({ app }) => {
    const screen = await Screen.of(app, ['const price = 1', '// nothing here'])
    const { page } = screen
    await screen.edit(1)
    await screen.press('Home', 'ControlOrMeta+f')
    await page.keyboard.type('nowhere')
    await page.getByRole('search').getByText('none').waitFor()
    await screen.press('Escape')
    await screen.editing(1)
    await page.keyboard.type('export ')
    await screen.order('export const price = 1', '// nothing here')
    await screen.press('Escape', 'j')
    await screen.onCell(2)
    await screen.press('ControlOrMeta+f', 'Escape')
    await screen.onCell(2)
  })
})
