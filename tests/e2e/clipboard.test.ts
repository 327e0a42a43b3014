import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] }
const KEPT = 'rivulet:own:cells'

const systemClipboard = ({ page }: Screen) => page.evaluate(() => navigator.clipboard.readText())
const kept = ({ page }: Screen) => page.evaluate((key) => localStorage.getItem(key), KEPT)

describeInBrowser('cutting, copying and pasting cells', () => {
  test('C copies what is selected in the page’s order, V puts it below and Shift+V above; Z takes it back', async ({ app }) => {
    const screen = await Screen.of(app, ['// one', '// two', '// three'], CLIPBOARD)
    await screen.cell(2).focus()
    await screen.press('Shift+ArrowUp', 'c')
    await expect.poll(() => systemClipboard(screen)).toBe('// one\n\n// two')
    await screen.press('v')
    await screen.order('// one', '// two', '// one', '// two', '// three')
    await screen.onCell(3)
    await screen.press('End', 'j', 'j', 'Shift+V')
    await screen.order('// one', '// two', '// one', '// two', '// one', '// two', '// three')
    await screen.onCell(5)
    await screen.press('z')
    await screen.order('// one', '// two', '// one', '// two', '// three')
    await screen.onCell(4)
    await screen.press('z')
    await screen.order('// one', '// two', '// three')
  })

  test('X takes cells to another notebook in another tab, with what was set on them and without what they showed', async ({
    app,
  }) => {
    const { screen, api } = await Screen.withApi(app, ['1 + 1', '// stays', 'select 42 as n'])
    const notebookId = new URL(screen.page.url()).pathname.slice('/n/'.length)
    const { cells } = await api.getNotebook.query({ id: notebookId })
    const [first = '', , last = ''] = cells.map(({ id }) => id)
    await api.setCell.mutate({ notebookId, cellId: first, disabled: true })
    await api.setCell.mutate({ notebookId, cellId: last, language: 'sql', resultName: 'answer', hidden: true })
    await api.runCell.mutate({ notebookId, cellId: last })
    await screen.shows(3, '42')
    await screen.cell(3).focus()
    await screen.press('x')
    await screen.order('1 + 1', '// stays')
    const other = await api.createNotebook.mutate({ title: 'Other' })
    const page = await screen.page.context().newPage()
    await page.goto(`/n/${other.id}`)
    const tab = new Screen(page)
    await page.getByText('An empty notebook').waitFor()
    await page.keyboard.press('v')
    await tab.onCell(1)
    await screen.cell(1).focus()
    await screen.press('c')
    await tab.press('Shift+V')
    await tab.cell(2).waitFor()
    const pasted = await api.getNotebook.query({ id: other.id })
    expect(pasted.cells).toMatchObject([
      { source: '1 + 1', language: 'typescript', disabled: true, hidden: false, outputs: [] },
      { source: 'select 42 as n', language: 'sql', resultName: 'answer', disabled: false, hidden: true, outputs: [] },
    ])
    await screen.press('z')
    await screen.order('1 + 1', '// stays', '')
    expect(await tab.cells().count()).toBe(2)
  })

  test('what was typed a moment ago is copied; what is written in a pasted cell outlives Z', async ({ app }) => {
    const screen = await Screen.of(app, ['// one'])
    await screen.edit(1)
    await screen.write('// newer')
    await screen.press('Escape', 'c', 'v')
    await screen.onCell(2)
    await screen.order('// newer', '// newer')
    await screen.press('Enter')
    await screen.editing(2)
    await screen.page.keyboard.type('xcv')
    await screen.press('Escape')
    await screen.saved()
    await screen.press('z', 'b')
    await screen.order('// newer', 'xcv', '')
  })

  test('the menu of a cell and the commands do the same, and nothing copied is said', async ({ app }) => {
    const screen = await Screen.of(app, ['// one', '// two'])
    await screen.cell(1).focus()
    await screen.press('v')
    await screen.page.getByText('No cells have been copied.').waitFor()
    await screen.choose('Actions of cell 1', 'Copy cell')
    await screen.choose('Actions of cell 2', 'Paste cell below')
    await screen.order('// one', '// two', '// one')
    await screen.choose('Actions of cell 1', 'Cut cell')
    await screen.order('// two', '// one')
    await screen.onCell(1)
    await screen.press('ControlOrMeta+k')
    await screen.page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill('paste cell above')
    await screen.press('Enter')
    await screen.order('// one', '// two', '// one')
  })

  test('what is too large together is said, is not cut, and what was copied before stays', async ({ app }) => {
    const large = `// ${'x'.repeat(250_000)}`
    const screen = await Screen.of(app, ['// small', large, large, large, large])
    await screen.cell(1).focus()
    await screen.press('c')
    await expect.poll(() => kept(screen)).toContain('// small')
    await screen.press('j', 'Shift+J', 'Shift+J', 'Shift+J', 'x')
    await screen.page.getByText('4 cells not copied: they are larger than 1 MB together.').waitFor()
    expect(await screen.cells().count()).toBe(5)
    expect(await kept(screen)).toContain('// small')
  })

  test('Ctrl+C still stops what runs, and copied cells go when one signs out', async ({ app }) => {
    // The server ends the socket of who signs out, and the page closes the next one while it opens.
    app.allow(/WebSocket is closed before the connection is established/)
    const screen = await Screen.of(app, ['await new Promise(() => {})'])
    const { page } = screen
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(1, 'running')
    await screen.press('Escape', 'c')
    await expect.poll(() => kept(screen)).toContain('Promise')
    await screen.press('Control+c')
    await screen.reaches(1, 'interrupted')
    await screen.choose('Account of Guest', 'Sign out')
    await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
    expect(await kept(screen)).toBeNull()
  })
})
