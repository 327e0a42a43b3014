import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { App } from '../support/browser.ts'
import { Cable } from '../support/cable.ts'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

/** One account, two browsers: two people as far as typing goes. `url`: where the first of them finds the server. */
async function two(app: App, sources: readonly string[], url = app.url) {
  const { context, api } = await app.guest()
  await context.addInitScript(() => {
    if (location.protocol === 'http:') localStorage.setItem('rivulet:signed-in', '1')
  })
  const { id } = await api.createNotebook.mutate({ title: 'Test' })
  const edits = sources.map((source) => ({ insert: { language: 'typescript' as const, source } }))
  const { cellIds } = await api.applyEdits.mutate({ notebookId: id, edits })
  const mine = new Screen(await app.tab(context))
  await mine.page.goto(`${url}/n/${id}`)
  await mine.opened()
  const other = new Screen(await app.tab(await app.profile({ storageState: await context.storageState() })))
  await other.page.goto(`/n/${id}`)
  await other.opened()
  for (const screen of [mine, other]) {
    await screen.page.getByRole('list', { name: 'Also here' }).getByRole('listitem').waitFor()
  }
  return { mine, other, api, notebookId: id, cellIds }
}

/** Names of the other people's cursors in a cell, with what stands before each in its line. */
function cursors(page: Page) {
  return page
    .locator('.cm-otherCursor')
    .evaluateAll((carets) => carets.map((caret) => (caret instanceof HTMLElement ? caret.dataset.name : undefined)))
}

describeInBrowser('two people in one cell', () => {
  test('[E1] both type in one line at once, and neither cursor jumps', async ({ app }) => {
    const { mine, other } = await two(app, ['() + ()', '1'])
    await mine.edit(1)
    await mine.press('ControlOrMeta+Home', 'ArrowRight')
    await other.edit(1)
    await other.press('ControlOrMeta+End', 'ArrowLeft')
    await Promise.all([
      mine.page.keyboard.type('the quick brown fox jumps', { delay: 25 }),
      other.page.keyboard.type('over the lazy dog and back', { delay: 20 }),
    ])
    const both = '(the quick brown fox jumps) + (over the lazy dog and back)'
    for (const screen of [mine, other]) await expect.poll(() => screen.source(1)).toBe(both)
    await mine.page.keyboard.type('!')
    await other.page.keyboard.type('?')
    for (const screen of [mine, other]) {
      await expect.poll(() => screen.source(1)).toBe('(the quick brown fox jumps!) + (over the lazy dog and back?)')
      await screen.saved()
    }
  })

  test('[E5] undo takes back what one typed oneself, and leaves the other’s', async ({ app }) => {
    const { mine, other } = await two(app, ['1'])
    await mine.edit(1)
    await mine.press('ControlOrMeta+Home')
    await mine.page.keyboard.insertText('// mine\n')
    await other.edit(1)
    await expect.poll(() => other.source(1)).toBe('// mine\n1')
    await other.press('ControlOrMeta+End')
    await other.page.keyboard.insertText('\n// theirs')
    await expect.poll(() => mine.source(1)).toBe('// mine\n1\n// theirs')
    await mine.press('ControlOrMeta+z')
    for (const screen of [mine, other]) await expect.poll(() => screen.source(1)).toBe('1\n// theirs')
    await other.press('ControlOrMeta+z')
    for (const screen of [mine, other]) await expect.poll(() => screen.source(1)).toBe('1')
    await mine.press('ControlOrMeta+Shift+z')
    for (const screen of [mine, other]) await expect.poll(() => screen.source(1)).toBe('// mine\n1')
  })

  test('[E6] each sees the other’s cursor and selection with a name, and where the other is', async ({ app }) => {
    const { mine, other } = await two(app, ['const price = 1', '2'])
    await other.edit(1)
    await other.press('ControlOrMeta+End', 'Shift+ControlOrMeta+ArrowLeft')
    await mine.page.locator('.cm-otherSelection').first().waitFor()
    await expect.poll(() => cursors(mine.page)).toEqual(['Guest (you)'])
    expect(await cursors(other.page)).toEqual([])
    await mine.cell(1).getByText('Guest (you)').waitFor()
    const name = mine.page.locator('.cm-otherCursor')
    const opacity = () => name.evaluate((caret) => getComputedStyle(caret, '::before').opacity)
    // It would hide the line above, so it goes after a while.
    await expect.poll(opacity).toBe('0')
    // What is typed before it takes the cursor along, with the next frame: CodeMirror measures before it draws a layer.
    const left = () =>
      mine.page
        .locator('.cm-otherCursor')
        .boundingBox()
        .then((box) => box?.x ?? 0)
    const before = await left()
    await mine.edit(1)
    await mine.press('ControlOrMeta+Home')
    await mine.page.keyboard.insertText('wide ')
    await expect.poll(left).toBeGreaterThan(before)
    await other.edit(2)
    await expect.poll(() => mine.cell(2).locator('.cm-otherCursor').count()).toBe(1)
    expect(await mine.cell(1).locator('.cm-otherCursor').count()).toBe(0)
    await mine.page.getByRole('button', { name: 'Guest (you), in cell 2' }).click()
    await mine.onCell(2)
    await other.page.close()
    await mine.page.getByRole('list', { name: 'Also here' }).waitFor({ state: 'detached' })
    // Gone with the next frame, too.
    await expect.poll(() => mine.page.locator('.cm-otherCursor').count()).toBe(0)
  })

  test('[E3] a program edits the cell in the middle of typing, and both stay', async ({ app }) => {
    const { mine, api, notebookId, cellIds } = await two(app, ['const a = 1\nconst b = 2'])
    const [cellId = ''] = cellIds
    await mine.edit(1)
    await mine.press('ControlOrMeta+Home', 'End')
    const typing = mine.page.keyboard.type(' // one two three four five six', { delay: 30 })
    await expect.poll(() => mine.source(1)).toContain('one')
    let edited = false
    while (!edited) {
      // As a program does it: what was read is the base, and a conflict means to read again.
      const { source = '', version: baseVersion = 0 } = (await api.getNotebook.query({ id: notebookId })).cells[0] ?? {}
      const next = source.replace('const b = 2', 'const b = 22 // by a program')
      edited = await api.editCell.mutate({ notebookId, cellId, baseVersion, source: next }).then(
        () => true,
        () => false,
      )
    }
    await typing
    const both = 'const a = 1 // one two three four five six\nconst b = 22 // by a program'
    await expect.poll(() => mine.source(1)).toBe(both)
    await mine.saved()
    expect((await api.getNotebook.query({ id: notebookId })).cells[0]?.source).toBe(both)
  })

  test('[E4] who was offline comes back to one text with everything in it, also in one line', async ({ app }) => {
    app.allow(/ERR_CONNECTION_(REFUSED|RESET|CLOSED)/, /ERR_EMPTY_RESPONSE/, /WebSocket connection to/)
    const cable = await Cable.to(app.url)
    const { mine, other } = await two(app, ['const total = 1'], cable.url)
    await mine.edit(1)
    await mine.press('ControlOrMeta+End')
    await cable.cut()
    await mine.page.getByText('Not connected').waitFor()
    await mine.page.keyboard.type(' // typed while away')
    await other.edit(1)
    await other.press('ControlOrMeta+Home')
    await other.page.keyboard.type('export ')
    await other.saved()
    expect(await mine.source(1)).toBe('const total = 1 // typed while away')
    await cable.mend()
    await mine.live()
    const both = 'export const total = 1 // typed while away'
    for (const screen of [mine, other]) await expect.poll(() => screen.source(1)).toBe(both)
    await mine.saved()
    await mine.page.close()
    await cable.cut()
  })

  test('[E2] carriage returns stay what they are', async ({ app }) => {
    const { mine, other, api, notebookId } = await two(app, ['1\r\n2'])
    await mine.edit(1)
    await mine.press('ControlOrMeta+End')
    await mine.page.keyboard.type(' + 3')
    await mine.saved()
    expect((await api.getNotebook.query({ id: notebookId })).cells[0]?.source).toBe('1\r\n2 + 3')
    await other.edit(1)
    await other.press('ControlOrMeta+Home')
    await other.page.keyboard.type('4 + ')
    await other.saved()
    await expect.poll(() => mine.source(1)).toContain('4 + 1')
    expect((await api.getNotebook.query({ id: notebookId })).cells[0]?.source).toBe('4 + 1\r\n2 + 3')
  })

  test('[E7] a run executes the last keystroke while the other types on', async ({ app }) => {
    const { mine, other } = await two(app, ['1 // '])
    await mine.edit(1)
    await other.edit(1)
    await other.press('ControlOrMeta+End')
    const typing = other.page.keyboard.type('words and more words and more', { delay: 15 })
    await mine.press('ControlOrMeta+Home')
    await mine.page.keyboard.type('41 + ')
    await mine.press('ControlOrMeta+Enter')
    await typing
    await expect.poll(() => mine.source(1)).toBe('41 + 1 // words and more words and more')
    await mine.press('ControlOrMeta+Enter')
    await mine.shows(1, /^42$/)
  })
})
