import { expect } from 'vitest'
import { App } from '../support/browser.ts'
import type { Client } from '../support/connection.ts'
import { describeInBrowser, test } from './app.ts'
import { held } from './held.ts'
import { Screen } from './screen.ts'

/** Asks until the server has had enough of this person. */
async function exhaust(api: Client): Promise<void> {
  const asking = async (): Promise<never> => {
    for (;;) await api.listNotebooks.query()
  }
  await expect(asking()).rejects.toThrow(/too many/i)
}

describeInBrowser('what one does shows before the answer', () => {
  test('cells move and go at once; one more move does not wait for the first', async ({ app }) => {
    const screen = await Screen.of(app, ['1 // one', '2 // two', '3 // three'])
    const line = await held(screen, 'applyEdits')
    await screen.cell(3).focus()
    await screen.press('Alt+ArrowUp', 'Alt+ArrowUp')
    await screen.order('three', 'one', 'two')
    await screen.onCell(1)
    line.letGo()
    await screen.order('three', 'one', 'two')
    const deletions = await held(screen, 'deleteCell')
    await screen.press('d', 'd')
    await screen.order('one', 'two')
    deletions.letGo()
    await screen.page.getByText('1 cell deleted').waitFor()
    await screen.order('one', 'two')
    await screen.press('z')
    await screen.order('three', 'one', 'two')
  })

  test('what is refused is taken back, and why is said', async ({ browser }) => {
    const app = await App.start(browser, { RATE_LIMIT_PER_MINUTE: '40' })
    app.allow(/429/)
    try {
      const { screen, api } = await Screen.withApi(app, ['1 // one', '2 // two'])
      await screen.cell(2).focus()
      // Just before: a moment later one more would be allowed again.
      await screen.page.route('**/trpc/setCell*', async (route) => {
        await exhaust(api)
        await route.continue()
      })
      await screen.press('Shift+D')
      await screen.page
        .getByText(/too many/i)
        .first()
        .waitFor()
      await expect.poll(() => screen.cell(2).locator('[data-status="disabled"]').count()).toBe(0)
      expect((await app.close()).join('\n')).toBe('')
    } finally {
      await app.close()
    }
  })

  test('a cell that somebody else deletes in the same moment goes without a word', async ({ app }) => {
    const { screen, api } = await Screen.withApi(app, ['1 // one', '2 // two'])
    app.allow(/404/)
    const notebookId = new URL(screen.page.url()).pathname.slice('/n/'.length)
    const { cells } = await api.getNotebook.query({ id: notebookId })
    await screen.page.route('**/trpc/deleteCell*', async (route) => {
      await api.deleteCell.mutate({ notebookId, cellId: cells[0]?.id ?? '' })
      await route.continue()
    })
    await screen.cell(1).focus()
    const answered = screen.page.waitForResponse('**/trpc/deleteCell*')
    await screen.press('d', 'd')
    expect((await answered).status()).toBe(404)
    await screen.order('two')
    await screen.saved()
    expect(await screen.page.getByText('There is no such cell').count()).toBe(0)
    expect(await screen.page.getByText('1 cell deleted').count()).toBe(0)
  })

  test('without a line, an order that never arrived goes back', async ({ app }) => {
    const screen = await Screen.of(app, ['1 // one', '2 // two'])
    app.allow(/ERR_FAILED/)
    await screen.page.route('**/trpc/applyEdits*', (route) => route.abort())
    await screen.cell(2).focus()
    await screen.press('Alt+ArrowUp')
    await screen.page.getByText('Not connected: nothing was changed.').first().waitFor()
    await screen.order('one', 'two')
    await screen.page.unroute('**/trpc/applyEdits*')
    await screen.press('Alt+ArrowUp')
    await screen.order('two', 'one')
  })
})
