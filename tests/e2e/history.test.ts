import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

const entries = (screen: Screen) => screen.page.getByRole('tabpanel').getByRole('listitem').getByRole('button')
const dialog = (screen: Screen) => screen.page.getByRole('dialog')

async function openHistory(screen: Screen): Promise<void> {
  await screen.page.getByRole('tab', { name: 'history' }).click()
  await entries(screen).first().waitFor()
}

async function type(screen: Screen, place: number, text: string): Promise<void> {
  await screen.edit(place)
  await screen.write(text)
  await screen.saved()
  await screen.press('Escape')
}

describeInBrowser('history', () => {
  test('[H2] lists who did what; an entry shows what became of the text', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'const b = a + 1\nconst c = 3'])
    await openHistory(screen)
    await entries(screen).filter({ hasText: 'added 2 cells' }).waitFor()
    await type(screen, 2, 'const b = a + 2\nconst c = 3')
    await entries(screen).filter({ hasText: 'edited cell 2' }).click()
    await dialog(screen).getByText('edited by Guest').waitFor()
    await dialog(screen).locator('[data-kind="removed"]').getByText('const b = a + 1').waitFor()
    await dialog(screen).locator('[data-kind="added"]').getByText('const b = a + 2').waitFor()
    await dialog(screen).locator('[data-kind="same"]').getByText('const c = 3').waitFor()
    expect(await barriers(screen.page)).toEqual([])
    await dialog(screen).getByRole('button', { name: 'Cell 2' }).click()
    await screen.onCell(2)
    expect(await dialog(screen).count()).toBe(0)
  })

  test('says of many changes at once how many cells were added, edited and deleted', async ({ app }) => {
    const { screen, api } = await Screen.withApi(app, ['// one', '// two', '// three'])
    const notebookId = new URL(screen.page.url()).pathname.slice('/n/'.length)
    const [first = '', second = '', third = ''] = (await api.getNotebook.query({ id: notebookId })).cells.map(({ id }) => id)
    const inserts = Array.from({ length: 120 }, () => ({ insert: { language: 'typescript' as const } }))
    const edits = [...[first, second].map((cellId) => ({ cellId, source: '// other' })), { delete: third }]
    await api.applyEdits.mutate({ notebookId, edits: [...inserts, ...edits] })
    await openHistory(screen)
    await entries(screen).filter({ hasText: 'added 120 cells, edited 2, deleted a cell' }).waitFor()
  })

  test('[H3] a cell’s text is restored, what used it is stale, and undo takes that back', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'a * 100'])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    await screen.shows(2, '100')
    await openHistory(screen)
    await type(screen, 1, 'const a = 22')
    await entries(screen).filter({ hasText: 'edited cell 1' }).click()
    await dialog(screen).getByRole('button', { name: 'Restore the text before' }).click()
    await screen.order('const a = 1', 'a * 100')
    await screen.reaches(2, 'stale')
    await entries(screen).filter({ hasText: 'took cell 1 back' }).waitFor()
    await screen.page.getByRole('button', { name: 'Undo' }).click()
    await screen.order('const a = 22', 'a * 100')
  })

  test('[H3] the whole notebook goes back to a point: texts, order, and cells that were deleted; for everybody', async ({
    app,
  }) => {
    const screen = await Screen.of(app, ['const a = 1', 'const b = 2', 'const c = 3'])
    const other = await screen.again(app, screen.page.context())
    await screen.cell(2).focus()
    await screen.press('Alt+ArrowUp')
    await screen.order('const b = 2', 'const a = 1', 'const c = 3')
    await screen.cell(3).focus()
    await screen.press('d', 'd')
    await screen.order('const b = 2', 'const a = 1')
    await type(screen, 1, 'const b = 222')
    await openHistory(screen)
    await entries(screen).filter({ hasText: 'edited cell 1' }).waitFor()
    expect(await entries(screen).count()).toBe(4)
    await entries(screen).filter({ hasText: 'added 3 cells' }).click()
    await dialog(screen).getByRole('button', { name: 'Restore to this point' }).click()
    await screen.order('const a = 1', 'const b = 2', 'const c = 3')
    await other.order('const a = 1', 'const b = 2', 'const c = 3')
    await entries(screen).filter({ hasText: 'went back to' }).click()
    await dialog(screen).getByRole('button', { name: 'Restore to before this' }).click()
    await screen.order('const b = 222', 'const a = 1')
    await entries(screen).filter({ hasText: 'edited cell 1' }).click()
    await dialog(screen).getByRole('button', { name: 'Restore to this point' }).click()
    await screen.page.getByText('It is so already').waitFor()
  })

  test('[H2] what is changed in one tab appears in another, and is there after a reload', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'const b = 2'])
    const other = await screen.again(app, screen.page.context())
    await openHistory(other)
    await type(screen, 1, 'const a = 11')
    await entries(other).filter({ hasText: 'Guest' }).filter({ hasText: 'edited cell 1' }).waitFor()
    await screen.page.reload()
    await screen.opened()
    await entries(screen).filter({ hasText: 'edited cell 1' }).waitFor()
  })

  test('many entries come page by page', async ({ app }) => {
    const { context, api } = await app.guest()
    const { id } = await api.createNotebook.mutate({ title: 'Long' })
    const { cellId } = await api.insertCell.mutate({ notebookId: id, language: 'typescript', source: '0' })
    for (let n = 0; n < 60; n++) await api.setCell.mutate({ notebookId: id, cellId, hidden: n % 2 === 0 })
    const screen = new Screen(await app.tab(context))
    await screen.page.goto(`/n/${id}`)
    await screen.opened()
    await openHistory(screen)
    await expect.poll(() => entries(screen).count()).toBe(50)
    await screen.page.getByRole('button', { name: 'Older changes' }).click()
    await expect.poll(() => entries(screen).count()).toBe(61)
    await screen.page.getByText('That is all that is kept.').waitFor()
    await entries(screen).first().filter({ hasText: 'by script' }).waitFor()
  })

  test('the bin of the notebook holds its deleted cells, and gives them back', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'const b = 2\nconst more = 3'])
    await screen.page.getByRole('tab', { name: 'bin' }).click()
    await screen.page.getByText('Cells that are deleted appear here').waitFor()
    await screen.cell(2).focus()
    await screen.press('d', 'd')
    const binned = screen.page.getByRole('list', { name: 'Deleted cells' }).getByRole('listitem')
    await binned.filter({ hasText: 'const b = 2' }).waitFor()
    expect(await barriers(screen.page)).toEqual([])
    await binned.getByRole('button', { name: 'Restore the cell const b = 2' }).click()
    await screen.order('const a = 1', 'const b = 2')
    await screen.page.getByText('Cells that are deleted appear here').waitFor()
  })

  test('the bin knows what was deleted while another part of the panel was open', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'const b = 2'])
    await screen.page.getByRole('tab', { name: 'bin' }).click()
    await screen.page.getByText('Cells that are deleted appear here').waitFor()
    await screen.page.getByRole('tab', { name: 'outline' }).click()
    await screen.cell(2).focus()
    await screen.press('d', 'd')
    await screen.order('const a = 1')
    await screen.saved()
    await screen.page.getByRole('tab', { name: 'bin' }).click()
    await screen.page.getByRole('list', { name: 'Deleted cells' }).getByText('const b = 2').waitFor()
  })
})
