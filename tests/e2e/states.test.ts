import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

const NEVER = 'await new Promise(() => {})'

/** What the cell's head says, and what it tells who points at it. */
const word = (screen: Screen, place: number) => screen.cell(place).locator('[data-status]').textContent()
const reason = (screen: Screen, place: number) => screen.cell(place).locator('[data-status]').getAttribute('data-tip')
const isDimmed = (screen: Screen, place: number) =>
  screen.output(place).evaluate((group) => [...group.querySelectorAll('.output')].every((one) => one.matches('.output-old')))

async function runAll(screen: Screen): Promise<void> {
  await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
}

describeInBrowser('how a cell stands', () => {
  test('[S9] running with its time and progress; what waits for it; stopped', async ({ app }) => {
    const screen = await Screen.of(app, [`progress(3, 8)\nconst a = await new Promise<number>(() => {})`, 'a + 1'])
    await runAll(screen)
    await screen.reaches(1, 'running')
    await screen.reaches(2, 'queued')
    await expect.poll(() => word(screen, 1)).toMatch(/^running \d+(\.\d)? m?s/)
    const bar = screen.cell(1).getByRole('progressbar', { name: 'Progress' })
    expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['3', '8'])
    expect(await word(screen, 1)).toContain('3 / 8')
    await screen.page.getByRole('button', { name: 'Stop cell 1' }).click()
    await screen.reaches(1, 'interrupted')
    await expect.poll(() => screen.status(2)).not.toBe('queued')
  })

  test('[G4] blocked names the cell it waits for, and a click goes there', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = missing.deep', '// between', 'a + 1'])
    await runAll(screen)
    await screen.reaches(1, 'failed')
    await screen.reaches(3, 'blocked')
    expect(await word(screen, 3)).toBe('waits forcell 1')
    await screen.cell(3).locator('[data-status]').getByRole('button', { name: 'cell 1' }).click()
    await screen.onCell(1)
  })

  test('[S23] what it shows stays, dimmed, while it runs again and when it is stopped, also for who comes then', async ({
    app,
  }) => {
    const screen = await Screen.of(app, ['const wait = false', `if (wait) ${NEVER}\n"the old one"`])
    await runAll(screen)
    await screen.shows(2, 'the old one')
    await expect.poll(() => isDimmed(screen, 2)).toBe(false)
    const before = await screen.cell(2).boundingBox()
    await screen.edit(1)
    await screen.write('const wait = true')
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(2, 'running')
    await screen.shows(2, 'the old one')
    expect(await isDimmed(screen, 2)).toBe(true)
    expect(await screen.cell(2).boundingBox()).toEqual(before)
    const staysThroughAReload = async () => {
      await screen.page.reload()
      await screen.shows(2, 'the old one')
      await expect.poll(() => isDimmed(screen, 2)).toBe(true)
    }
    await staysThroughAReload()
    await screen.reaches(2, 'running')
    await screen.page.getByRole('button', { name: 'Stop cell 2' }).click()
    await screen.reaches(2, 'interrupted')
    await screen.shows(2, 'the old one')
    await staysThroughAReload()
    await screen.edit(1)
    await screen.write('const wait = false')
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(2, 'ok')
    await expect.poll(() => isDimmed(screen, 2)).toBe(false)
  })

  test('stale until it runs; disabled; and why it ran', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'a + 1'])
    await runAll(screen)
    await screen.shows(2, /^2$/)
    expect(await word(screen, 2)).toMatch(/^(<1|\d+) m?s$/)
    await screen.choose('Notebook menu', 'Mark what depends on it stale')
    await screen.edit(1)
    await screen.write('const a = 5')
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(1, 'ok')
    await screen.reaches(2, 'stale')
    await screen.shows(2, /^2$/)
    expect(await isDimmed(screen, 2)).toBe(true)
    await screen.page.getByRole('button', { name: 'Run stale (1)' }).click()
    await screen.shows(2, /^6$/)
    expect(await reason(screen, 2)).toBe('Somebody ran it')
    await screen.choose('Notebook menu', 'Run what depends on it')
    await screen.edit(1)
    await screen.write('const a = 9')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(2, /^10$/)
    await expect.poll(() => reason(screen, 2)).toBe('Ran because cell 1 ran')
    await screen.press('Escape', 'Shift+D')
    await screen.reaches(1, 'disabled')
    await screen.reaches(2, 'blocked')
    expect(await word(screen, 2)).toBe('needs disabledcell 1')
  })

  test('what it shows is called stale, dimmed, also when its code did not parse for a moment', async ({ app }) => {
    const screen = await Screen.of(app, ['[1, 2]'])
    await runAll(screen)
    await screen.shows(1, 'Array(2)')
    await screen.edit(1)
    await screen.press('End', 'Backspace')
    await screen.shows(1, 'Syntax error')
    await screen.page.keyboard.type(', 3]')
    await screen.reaches(1, 'stale')
    expect(await isDimmed(screen, 1)).toBe(true)
    await screen.shows(1, 'Array(2)')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(1, 'Array(3)')
  })

  test('[S17] cached when what it uses is equal to before; stopped by its own code', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1 // first', 'const b = a * 2\nb', 'stop(a > 3)\n"went on"'])
    await screen.choose('Notebook menu', 'Keep its result')
    await runAll(screen)
    await screen.shows(3, 'went on')
    await screen.edit(1)
    await screen.write('const a = 1 // second')
    await screen.press('ControlOrMeta+Enter')
    await expect.poll(() => word(screen, 2)).toBe('cached')
    await screen.shows(2, /^2$/)
    await screen.edit(1)
    await screen.write('const a = 5')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(2, /^10$/)
    await screen.reaches(3, 'stopped')
    expect(await word(screen, 3)).toBe('stopped')
  })

  test('what has ended is said to who does not see it', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'a.missing.deep'])
    const said = screen.page.locator('[role="status"].sr-only')
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await expect.poll(() => said.allTextContents()).toContain('Run of 2 cells done, 1 failed')
    await screen.edit(2)
    await screen.write('a + 1')
    await screen.press('ControlOrMeta+Enter')
    await expect.poll(async () => (await said.allTextContents()).join()).toMatch(/Cell 2 finished in (<1|\d+) ms/)
    await screen.write('await new Promise(() => {})')
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(2, 'running')
    await screen.press('Escape', 'd', 'd')
    await screen.cell(2).waitFor({ state: 'detached' })
    await screen.edit(1)
    await screen.write('const a = 2')
    await screen.press('ControlOrMeta+Enter')
    const sentences: string[] = []
    await expect
      .poll(async () => {
        sentences.push((await said.allTextContents()).join())
        return sentences.at(-1)
      })
      .toMatch(/^Cell 1 finished in (<1|\d+) ms/)
    expect(sentences.filter((sentence) => /Cell 0|2 cells/.test(sentence))).toEqual([])
  })
})
