import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

const NEVER = 'await new Promise(() => {})\nconst b = a'

describeInBrowser('two people in one notebook', () => {
  test('[S9] dependents are seen waiting and running, in both tabs', async ({ app }) => {
    const mine = await Screen.of(app, ['const a = 1', NEVER, 'b * 10'])
    const other = await mine.again(app, mine.page.context())
    await mine.edit(1)
    await mine.press('ControlOrMeta+Enter')
    for (const screen of [mine, other]) {
      await screen.reaches(1, 'ok')
      await screen.reaches(2, 'running')
      await screen.reaches(3, 'queued')
    }
    await mine.edit(2)
    await mine.write('const b = a')
    await mine.press('ControlOrMeta+Enter')
    for (const screen of [mine, other]) {
      for (const place of [1, 2, 3]) await screen.reaches(place, 'ok')
      await screen.shows(3, /^10$/)
    }
  })

  test('two people type in different cells and in different lines of one, and nothing is lost', async ({ app }) => {
    const mine = await Screen.of(app, ['// one\n\n// two', '1'])
    const state = await mine.page.context().storageState()
    const other = await mine.again(app, await app.profile({ storageState: state }))
    await mine.edit(1)
    await mine.press('ControlOrMeta+Home', 'End')
    await other.edit(2)
    await Promise.all([
      mine.page.keyboard.type(' and mine', { delay: 20 }),
      other.write('22').then(() => other.page.keyboard.type(' + 33', { delay: 20 })),
    ])
    for (const screen of [mine, other]) await screen.order('// one and mine\n\n// two', '22 + 33')
    await other.edit(1)
    await other.press('ControlOrMeta+End')
    await Promise.all([mine.page.keyboard.type(', still', { delay: 20 }), other.page.keyboard.type(' and theirs', { delay: 20 })])
    for (const screen of [mine, other]) await screen.order('// one and mine, still\n\n// two and theirs', '22 + 33')
    await mine.page.keyboard.type('!')
    await other.order('// one and mine, still!\n\n// two and theirs', '22 + 33')
  })

  test('[C4] a reload shows what was typed and what was computed', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 2', 'a + 1'])
    await screen.edit(1)
    await screen.write('const a = 41')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(2, /^42$/)
    await screen.edit(2)
    await screen.page.keyboard.type(' // later')
    await screen.page.reload()
    await screen.opened()
    await screen.order('const a = 41', 'a + 1 // later')
    await screen.shows(2, /^42$/)
    await screen.saved()
  })

  test('another person deletes the cell being typed in: the text is offered back', async ({ app }) => {
    const mine = await Screen.of(app, ['1', '2'])
    const other = await mine.again(app, mine.page.context())
    await mine.page.route('**/trpc/editCell*', (route) => route.abort('internetdisconnected'))
    app.allow(/ERR_INTERNET_DISCONNECTED/)
    await mine.edit(2)
    await mine.page.keyboard.type('// precious ')
    await other.edit(2)
    await other.press('Escape', 'd', 'd')
    await mine.page.getByText('A cell you were typing in has been deleted.').waitFor()
    await mine.page.unrouteAll()
    await mine.page.getByRole('button', { name: 'Put my text back' }).click()
    await expect.poll(() => mine.sources()).toEqual(['1', expect.stringContaining('// precious')])
  })

  test('the rest of a word commands nothing when another person deletes its cell; Escape goes on beside it', async ({ app }) => {
    const mine = await Screen.of(app, ['// one', '// two', '// three'])
    const other = await mine.again(app, mine.page.context())
    await mine.edit(2)
    await other.edit(2)
    await other.press('Escape', 'd', 'd')
    for (const screen of [mine, other]) await screen.order('// one', '// three')
    await mine.page.keyboard.type('add bottom 00 zoom?')
    await mine.saved()
    await mine.order('// one', '// three')
    expect(await mine.page.getByRole('dialog').count()).toBe(0)
    await mine.press('Escape')
    await mine.onCell(2)
    await mine.press('b')
    await mine.editing(3)
  })
})
