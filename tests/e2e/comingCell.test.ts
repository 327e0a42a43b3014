import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { held } from './held.ts'
import { Screen } from './screen.ts'

describeInBrowser('what is typed before a new cell is there', () => {
  test('[E9] is written into the new cell, after Shift+Enter on the last one', async ({ app }) => {
    const screen = await Screen.of(app, ['1 + 1'])
    await screen.edit(1)
    const line = await held(screen, 'insertCell')
    await screen.press('Shift+Enter')
    await screen.page.keyboard.type('const x = [2]', { delay: 10 })
    await screen.press('Enter')
    await screen.page.keyboard.type('x')
    expect(await screen.source(1)).toBe('1 + 1')
    line.letGo()
    await screen.editing(2)
    await expect.poll(() => screen.source(2)).toBe('const x = [2]\nx')
    await screen.page.keyboard.type('.length')
    await expect.poll(() => screen.source(2)).toBe('const x = [2]\nx.length')
    expect(await screen.source(1)).toBe('1 + 1')
  })

  test('[E9] commands it, and no other: B, Escape, M; D D after V', async ({ app }) => {
    const screen = await Screen.of(app, ['1 + 1', '// last'])
    await screen.cell(1).focus()
    const line = await held(screen, 'insertCell')
    await screen.press('b', 'Escape', 'm', 'Enter')
    await screen.page.keyboard.type('# Title')
    line.letGo()
    await screen.order('1 + 1', '# Title', '// last')
    await expect.poll(() => screen.cell(2).locator('.cell-language').textContent()).toBe('MD')
    expect(await screen.cell(1).locator('.cell-language').textContent()).toBe('TS')
    await screen.press('Escape')
    await screen.cell(1).focus()
    const pasting = await held(screen, 'applyEdits')
    await screen.press('c', 'v', 'd', 'd')
    pasting.letGo()
    await screen.page.getByText('1 cell deleted').waitFor()
    await screen.order('1 + 1', '# Title', '// last')
  })

  test('[E9] is for nobody when the cell is refused; the keys work again at once', async ({ app }) => {
    const screen = await Screen.of(app, ['// one', '// two'])
    app.allow(/ERR_FAILED/)
    const line = await held(screen, 'insertCell', 'abort')
    await screen.cell(1).focus()
    await screen.press('b', 'd', 'd', 'm')
    line.letGo()
    await screen.page.getByText('Not connected: nothing was changed.').first().waitFor()
    await screen.order('// one', '// two')
    expect(await screen.cell(1).locator('.cell-language').textContent()).toBe('TS')
    await screen.press('j')
    await screen.onCell(2)
  })
})
