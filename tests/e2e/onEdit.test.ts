import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

describeInBrowser('while one types', () => {
  test('[S2] a cell runs by itself when one stops typing, for who has chosen that; SQL and lazy notebooks wait', async ({
    app,
  }) => {
    const screen = await Screen.of(app, ['const a = 1\na', 'a * 100'])
    await screen.edit(1)
    await screen.write('const a = 2\na')
    await screen.saved()
    expect(await screen.status(1)).toBe('idle')
    await screen.choose('Notebook menu', 'Run it, unless it is SQL')
    await screen.edit(1)
    await screen.write('const a = 3\na')
    await screen.shows(1, /^3$/)
    await screen.press('End')
    await screen.page.keyboard.type(' + 1')
    await screen.shows(1, /^4$/)
    await screen.page.reload()
    await screen.opened()
    await screen.live()
    await screen.edit(1)
    await screen.write('const a = 5\na')
    await screen.shows(1, /^5$/)
    await screen.choose('Notebook menu', 'Wait until it is run')
    await screen.edit(1)
    await screen.write('const a = 6\na')
    await screen.saved()
    await screen.reaches(1, 'stale')
    await screen.shows(1, /^5$/)
  })

  test('a block folds and unfolds by key; what is folded is still the text that runs', async ({ app }) => {
    const screen = await Screen.of(app, ['function f() {\n  return 42\n}\nf()'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Home', 'Control+Shift+BracketLeft')
    await screen.editor(1).locator('.cm-foldPlaceholder').waitFor()
    expect(await screen.editor(1).textContent()).not.toContain('return 42')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(1, /^42$/)
    await screen.press('Control+Shift+BracketRight')
    await expect.poll(() => screen.editor(1).textContent()).toContain('return 42')
  })

  test('finding can be kept to one cell', async ({ app }) => {
    const screen = await Screen.of(app, ['const apple = 1', 'apple + apple'])
    await screen.edit(2)
    await screen.press('ControlOrMeta+F')
    const bar = screen.page.getByRole('search', { name: 'Find in notebook' })
    await bar.getByRole('textbox', { name: 'Find' }).fill('apple')
    await expect.poll(() => bar.locator('output').textContent()).toMatch(/^\d+ of 3$/)
    await bar.getByRole('button', { name: 'Only in this cell' }).click()
    await expect.poll(() => bar.locator('output').textContent()).toMatch(/^\d+ of 2$/)
    await bar.getByRole('textbox', { name: 'Replace with' }).fill('pear')
    await bar.getByRole('button', { name: 'All' }).click()
    await screen.order('apple', 'pear + pear')
    await bar.getByRole('button', { name: 'Only in this cell' }).click()
    await expect.poll(() => bar.locator('output').textContent()).toMatch(/^\d+ of 1$/)
  })
})
