import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

const OUTAGE = [/WebSocket connection to/, /ERR_CONNECTION_REFUSED/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/]

describeInBrowser('the server goes away and comes back', () => {
  test('[C4] typing goes on during the outage and is sent afterwards, by itself', async ({ app }) => {
    app.allow(...OUTAGE)
    const screen = await Screen.of(app, ['const a = 2', 'a + 1'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(2, /^3$/)
    await app.stopServer()
    const status = screen.page.getByRole('contentinfo')
    const banner = screen.page.getByText('Not connected. Keep typing')
    await banner.waitFor()
    await screen.write('const a = 99')
    await screen.page.getByText('your edits are kept in this browser').waitFor()
    await status.getByText('not sent yet', { exact: true }).waitFor()
    expect(await status.getByText('saving…').count()).toBe(0)
    await screen.shows(2, /^3$/)
    await app.startServer()
    await screen.live()
    await banner.waitFor({ state: 'detached' })
    await screen.saved()
    await status.getByText('saved', { exact: true }).waitFor()
    expect(await status.getByText('not sent yet').count()).toBe(0)
    const other = await screen.again(app, screen.page.context())
    await other.order('const a = 99', 'a + 1')
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    for (const tab of [screen, other]) await tab.shows(2, /^100$/)
  })

  test('what was typed during an outage survives a reload of the page', async ({ app }) => {
    app.allow(...OUTAGE)
    const screen = await Screen.of(app, ['const a = 2'])
    await screen.edit(1)
    await app.stopServer()
    await screen.write('const a = "typed while away"')
    await app.startServer()
    await screen.page.reload()
    await screen.opened()
    await screen.order('typed while away')
    await screen.saved()
  })
})
