import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

describeInBrowser('the keyboard', () => {
  test('command mode: A and B insert, D D deletes, Z undoes, J K and arrows walk', async ({ app }) => {
    const screen = await Screen.of(app, ['// one', '// two'])
    await screen.edit(1)
    await screen.press('Escape')
    await screen.onCell(1)
    await screen.press('j')
    await screen.onCell(2)
    await screen.press('ArrowUp')
    await screen.onCell(1)
    await screen.press('ArrowDown', 'k', 'b')
    await screen.editing(2)
    await screen.page.keyboard.type('// below')
    await screen.press('Escape', 'a')
    await screen.editing(2)
    await screen.page.keyboard.type('// above')
    await screen.order('// one', '// above', '// below', '// two')
    await screen.press('Escape', 'd', 'd')
    await screen.order('// one', '// below', '// two')
    await screen.onCell(2)
    await screen.press('z')
    await screen.order('// one', '// above', '// below', '// two')
    expect(await screen.sources()).toEqual(['// one', '// above', '// below', '// two'])
  })

  test('Enter and Escape go in and out; M and Y change the language; arrows leave the editor at its edge', async ({ app }) => {
    const screen = await Screen.of(app, ['1 + 1', '2\n2'])
    await screen.edit(1)
    await screen.press('Escape', 'm')
    await screen.cell(1).getByText('MD', { exact: true }).waitFor()
    await screen.press('y')
    await screen.cell(1).getByText('TS', { exact: true }).waitFor()
    await screen.press('Enter')
    await screen.editing(1)
    await screen.press('ArrowDown')
    await screen.editing(2)
    await screen.press('ArrowUp')
    await screen.editing(1)
    expect(await screen.sources()).toEqual(['1 + 1', '2\n2'])
  })

  test('inside the editor: Shift+Enter runs and goes on, Ctrl+Enter stays, Alt+Enter inserts', async ({ app }) => {
    const screen = await Screen.of(app, ['1 + 1', '2 + 2'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(1, /^2$/)
    await screen.editing(1)
    await screen.press('Shift+Enter')
    await screen.onCell(2)
    await screen.press('Enter', 'Alt+Enter')
    await screen.shows(2, /^4$/)
    await screen.editing(3)
    await screen.page.keyboard.type('3 + 3')
    await screen.press('Shift+Enter')
    await screen.shows(3, /^6$/)
    await screen.editing(4)
    expect(await screen.sources()).toEqual(['1 + 1', '2 + 2', '3 + 3', ''])
  })

  test('several cells at once: Shift+arrows select, then run, move, delete and bring back', async ({ app }) => {
    const screen = await Screen.of(app, ['1 + 0', '2 + 0', '3 + 0', '4 + 0'])
    await screen.edit(1)
    await screen.press('Escape', 'Shift+ArrowDown')
    await screen.onCell(2)
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(1, /^1$/)
    await screen.shows(2, /^2$/)
    await screen.press('Alt+ArrowDown')
    await screen.order('3 + 0', '1 + 0', '2 + 0', '4 + 0')
    await screen.onCell(3)
    await screen.press('d', 'd')
    await screen.order('3 + 0', '4 + 0')
    await screen.press('z')
    await screen.order('3 + 0', '1 + 0', '2 + 0', '4 + 0')
  })

  test('Ctrl+K opens the commands from inside the editor, a command acts on the cell it came from', async ({ app }) => {
    const screen = await Screen.of(app, ['// one', '// two'])
    await screen.edit(2)
    await screen.press('ControlOrMeta+k')
    const palette = screen.page.getByRole('dialog', { name: 'Commands' })
    await palette.getByRole('combobox').fill('insert cell above')
    await screen.press('Enter')
    await palette.waitFor({ state: 'detached' })
    await screen.cell(3).waitFor()
    await screen.editing(2)
    await screen.page.keyboard.type('// new')
    await screen.order('// one', '// new', '// two')
    await screen.press('Escape', 'ControlOrMeta+k')
    await palette.waitFor()
    await screen.press('Escape')
    await palette.waitFor({ state: 'detached' })
    await screen.onCell(2)
  })

  test('? shows every key, and typing a ? in the editor types it', async ({ app }) => {
    const screen = await Screen.of(app, ['// one'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+End')
    await screen.page.keyboard.type(' abdz?')
    await screen.order('// one abdz?')
    await screen.press('Escape', '?')
    const sheet = screen.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.getByText('Undo delete or move').waitFor()
    await screen.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await screen.onCell(1)
  })

  test('[S13] I I stops what runs, from the cell', async ({ app }) => {
    const screen = await Screen.of(app, ['await new Promise(() => {})'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(1, 'running')
    await screen.press('Escape', 'i', 'i')
    await screen.reaches(1, 'interrupted')
  })

  test('completion offers names of other cells, and Escape closes it before it leaves the editor', async ({ app }) => {
    const screen = await Screen.of(app, ['const revenueOfMay = 1', ''])
    await screen.edit(2)
    await screen.page.keyboard.type('reven')
    const list = screen.page.locator('.cm-tooltip-autocomplete')
    await list.getByText('revenueOfMay').waitFor()
    await screen.press('Escape')
    await list.waitFor({ state: 'detached' })
    await screen.editing(2)
    await screen.press('ControlOrMeta+Space')
    await list.getByText('revenueOfMay').waitFor()
    // The list takes no Enter in its first moment, lest one meant as a new line be caught.
    await screen.page.keyboard.type('ueOf', { delay: 40 })
    await screen.press('Enter')
    await screen.order('const revenueOfMay = 1', 'revenueOfMay')
    await screen.press('Escape')
    await screen.onCell(2)
  })

  test('everything is reached with Tab, and nothing holds it', async ({ app }) => {
    const screen = await Screen.of(app, ['1 + 1'])
    const seen: string[] = []
    const current = () =>
      screen.page.evaluate(() => {
        const { activeElement } = document
        return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? ''
      })
    await screen.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    for (let tabs = 0; tabs < 40 && !seen.includes('Actions of cell 1'); tabs++) {
      await screen.press('Tab')
      seen.push(await current())
      if (seen.at(-1) === 'Code of cell 1') await screen.press('Escape')
    }
    expect(seen).toEqual(
      expect.arrayContaining(['Skip to the cells', 'Notebook title', 'Switch notebook', 'Run cell 1', 'Actions of cell 1']),
    )
  })
})
