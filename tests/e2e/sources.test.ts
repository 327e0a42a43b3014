import { expect } from 'vitest'
import { App } from '../support/browser.ts'
import { RawSocket } from '../support/rawSocket.ts'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

describeInBrowser('from sources, as `pnpm dev` serves them', () => {
  test('a guest runs the demo; the page has its hot reload, and no other socket is left waiting', async ({ browser }) => {
    const app = await App.start(browser, { NODE_ENV: 'development' })
    // Both speak to developers only.
    app.allow(/^console\.debug: \[vite\] connect/, /^console\.info: .*React DevTools/)
    const context = await app.profile()
    const page = await app.tab(context)
    const reloads = page.waitForEvent('console', (message) => message.text() === '[vite] connected.')
    await page.goto('/demo')
    await page.getByRole('button', { name: 'Continue as guest' }).click()
    const screen = new Screen(page)
    await screen.opened()
    await reloads
    await screen.edit(1)
    await screen.press('ControlOrMeta+a')
    await page.keyboard.type('const warmFrom = 25')
    await screen.press('Shift+Enter')
    await screen.shows(2, 'Right now 3 of 36 months are at least 25 °C')
    expect(await RawSocket.status(app.url, {}, '/elsewhere')).toBe(404)
    expect((await app.close()).join('\n'), 'what the page complained about').toBe('')
  })
})
