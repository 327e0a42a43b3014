import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

describeInBrowser('cells come, move and go', () => {
  test('inserting puts one new cell where it was asked for, with the cursor in it', async ({ app }) => {
    const screen = await Screen.of(app, ['// first', '// second'])
    await screen.cell(2).getByRole('button', { name: 'TypeScript' }).focus()
    await screen.press('Enter')
    await screen.editing(2)
    await screen.page.keyboard.type('// between')
    await screen.order('// first', '// between', '// second')
    await screen.page.locator('.insert-bar-always').getByRole('button', { name: 'Markdown' }).click()
    await screen.editing(4)
    await screen.page.keyboard.type('# last')
    await screen.order('// first', '// between', '// second', '# last')
    await screen.saved()
    await screen.page.reload()
    await screen.opened()
    await screen.order('// first', '// between', '// second', '# last')
  })

  test('moving by keys and by menu, seen in another tab', async ({ app }) => {
    const screen = await Screen.of(app, ['// one', '// two', '// three'])
    const other = await screen.again(app, screen.page.context())
    await screen.edit(3)
    await screen.press('Escape')
    await screen.onCell(3)
    await screen.press('Alt+ArrowUp')
    await screen.order('// one', '// three', '// two')
    await screen.onCell(2)
    await screen.press('Alt+ArrowUp')
    for (const tab of [screen, other]) await tab.order('// three', '// one', '// two')
    await screen.choose('Actions of cell 1', 'Move down')
    for (const tab of [screen, other]) await tab.order('// one', '// three', '// two')
    await screen.edit(1)
    await screen.press('Escape', 'z')
    await screen.order('// three', '// one', '// two')
    await screen.press('z', 'z')
    for (const tab of [screen, other]) await tab.order('// one', '// two', '// three')
  })

  test('dragging a cell by its number moves it', async ({ app }) => {
    const screen = await Screen.of(app, ['// one', '// two', '// three'])
    await screen.cell(3).locator('.cell-number').hover()
    await screen.cell(3).locator('.cell-number[draggable], .cell-number').first().waitFor()
    await expect
      .poll(async () => {
        await screen
          .cell(3)
          .locator('.cell-number')
          .dragTo(screen.cell(1), { targetPosition: { x: 200, y: 30 } })
        return (await screen.sources())[0]
      })
      .toBe('// three')
    await screen.order('// three', '// one', '// two')
  })

  test('[S7] deleting is undone from the notice and by Z, with everything the cell had', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 5', 'a * 2'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(2, /^10$/)
    await screen.choose('Actions of cell 1', 'Delete')
    await screen.order('a * 2')
    await screen.shows(1, 'a is not defined')
    await screen.page.getByRole('button', { name: 'Undo' }).click()
    await screen.order('const a = 5', 'a * 2')
    await screen.shows(2, /^10$/)
    await screen.edit(2)
    await screen.press('Escape', 'd', 'd')
    await screen.order('const a = 5')
    await screen.press('z')
    await screen.order('const a = 5', 'a * 2')
  })

  test('the notice takes back what it tells of, whatever was done since, and nothing when Z already has', async ({ app }) => {
    const screen = await Screen.of(app, ['// one', '// two', '// three'])
    const undo = screen.page.getByRole('button', { name: 'Undo' })
    await screen.cell(3).focus()
    await screen.press('d', 'd')
    await screen.order('// one', '// two')
    await screen.press('Alt+ArrowUp')
    await screen.order('// two', '// one')
    await undo.click()
    // Behind the cell that it stood behind.
    await screen.order('// two', '// three', '// one')
    await screen.cell(3).focus()
    await screen.press('d', 'd')
    await screen.order('// two', '// three')
    await screen.press('z')
    await screen.order('// two', '// three', '// one')
    await undo.click()
    await screen.cell(3).focus()
    await screen.press('Shift+D')
    await screen.reaches(3, 'disabled')
    await screen.order('// two', '// three', '// one')
  })

  test('Z takes a deletion back that shows already, although its answer is still on its way', async ({ app }) => {
    const screen = await Screen.of(app, ['// one', '// two'])
    let letGo: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await screen.page.route('**/trpc/deleteCell*', async (route) => {
      const response = await route.fetch()
      await released
      await route.fulfill({ response })
    })
    await screen.edit(2)
    await screen.press('Escape', 'd', 'd')
    await screen.order('// one')
    await screen.press('z')
    letGo()
    await screen.order('// one', '// two')
  })
})
