import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

describeInBrowser('running', () => {
  test('[S1] Run all runs every cell, in the order of what they need', async ({ app }) => {
    const screen = await Screen.of(app, ['b + 1', 'const b = a + 1', 'const a = 1'])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    for (const place of [1, 2, 3]) await screen.reaches(place, 'ok')
    await screen.shows(1, /^3$/)
    await screen.page.getByText('Run of 3 cells done').waitFor({ state: 'attached' })
  })

  test('[S13] Stop ends an endless loop, says so, and leaves the other values', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 7', 'for (;;) {}', 'a + 1'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(3, /^8$/)
    await screen.edit(2)
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(2, 'running')
    await screen.page.getByRole('button', { name: 'Stop', exact: true }).click()
    await screen.reaches(2, 'interrupted')
    await screen.shows(3, /^8$/)
    await screen.edit(3)
    await screen.write('a + 2')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(3, /^9$/)
  })

  test('an error shows the person’s own line with a caret, and leads to the cell at fault', async ({ app }) => {
    const screen = await Screen.of(app, [
      'const twice = (n: number) => {\n  return n.missing.deep\n}',
      'const start = 2\ntwice(start)',
    ])
    await screen.edit(2)
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(2, 'failed')
    await screen.shows(2, 'TypeError')
    await screen.shows(2, /2 │ twice\(start\)\s+│ +\^/)
    await screen.output(2).getByRole('button', { name: 'cell 1, line 2' }).click()
    await screen.editing(1)
  })

  test('[G11] a syntax error is located while the other cells run', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = (', '1 + 1'])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    await screen.shows(2, /^2$/)
    await screen.shows(1, 'Syntax error')
    await screen.shows(1, /1 │ const a = \(/)
  })

  test('[G2] a name defined twice says where else, at once and without a run', async ({ app }) => {
    const screen = await Screen.of(app, ['const total = 1', 'const other = 2'])
    await screen.edit(2)
    await screen.write('const total = 2')
    for (const place of [1, 2]) await screen.shows(place, 'total is also defined in')
    await screen.output(2).getByRole('button', { name: 'cell 1' }).click()
    await screen.editing(1)
    await screen.output(1).getByRole('button', { name: 'Rename it in this cell' }).click()
    await screen.order('const total2 = 1', 'const total = 2')
    await expect.poll(() => screen.output(2).count()).toBe(0)
    await screen.edit(1)
    await screen.write('const total = 1')
    await screen.output(2).getByRole('button', { name: 'Make it private to this cell' }).click()
    await screen.order('const total = 1', 'const _total = 2')
    await expect.poll(() => screen.output(1).count()).toBe(0)
  })

  test('[G4] what cannot run names the cell to blame, and a click goes there', async ({ app }) => {
    const screen = await Screen.of(app, ['const a: number = (() => { throw new Error("no") })()', 'const b = a', 'b'])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    await screen.reaches(1, 'failed')
    await screen.reaches(3, 'blocked')
    await screen.cell(3).getByRole('button', { name: 'cell 1' }).click()
    await screen.onCell(1)
  })

  test('long output is folded in the middle and opens', async ({ app }) => {
    const screen = await Screen.of(app, ['for (let i = 0; i < 1000; i++) console.log("line " + i + ".")'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(1, 'line 999.')
    await expect.poll(() => screen.output(1).textContent()).not.toContain('line 500.')
    await screen
      .output(1)
      .getByRole('button', { name: /^Show \d+ more lines/ })
      .click()
    await screen.shows(1, 'line 500.')
  })

  test('of very many outputs the first and the last are shown, and the others when asked for', async ({ app }) => {
    const source = "for (let n = 0; n < 1_500; n++) n % 2 ? console.log('out', n) : console.error('err', n)"
    const screen = await Screen.of(app, [source])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.reaches(1, 'ok')
    const outputs = screen.cell(1).locator('.output')
    await expect.poll(() => outputs.last().textContent()).toContain('out 1499')
    expect(await outputs.count()).toBe(201)
    await screen.page.getByRole('button', { name: 'Show 1,299 more outputs' }).click()
    await expect.poll(() => outputs.count()).toBe(1_201)
    await screen.page.getByRole('button', { name: 'Show 299 more outputs' }).click()
    await expect.poll(() => outputs.count()).toBe(1_500)
    expect(await outputs.nth(1_200).textContent()).toContain('err 1200')
  })

  test('[S24] a run whose output is full goes on showing its latest lines, and in the end its end', async ({ app }) => {
    const source = `for (let n = 0; n < 5_000; n++) console.log('x'.repeat(999))
for (let n = 0; n < 40; n++) {
  console.log('epoch', n)
  await new Promise((go) => setTimeout(go, 100))
}
console.log('done')`
    const screen = await Screen.of(app, [source])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    const tail = screen.cell(1).getByRole('region', { name: 'Latest lines of cell 1' })
    await tail.getByText(/epoch \d+\s*$/).waitFor()
    const height = async () => (await tail.boundingBox())?.height
    const before = await height()
    await tail.getByText(/epoch (2\d|3\d)\s*$/).waitFor()
    expect(await height()).toBe(before)
    // At its end, as a terminal is.
    expect(await tail.evaluate((box) => box.scrollTop)).toBe(0)
    await screen.reaches(1, 'ok')
    await tail.waitFor({ state: 'detached' })
    await expect.poll(() => screen.output(1).textContent()).toContain('done')
  })

  test('prose shows tasks and the alignment of columns', async ({ app }) => {
    const screen = await Screen.of(app, [
      '# Plan\n\n- [ ] open\n- [x] done\n- [link] none\n\n| what | n |\n| --- | ---: |\n| a | 1 |',
    ])
    await screen.cell(1).focus()
    await screen.press('ControlOrMeta+Enter')
    const prose = screen.output(1)
    await prose.getByText('☐ open').waitFor()
    expect(await prose.locator('li').allTextContents()).toEqual(['☐ open', '☑ done', '[link] none'])
    const sides = await prose
      .locator('th, td')
      .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell).textAlign.replace('-webkit-', '')))
    expect(sides).toEqual(['left', 'right', 'left', 'right'])
  })

  test('an error is shown with what it says also as a value, and a long line is folded', async ({ app }) => {
    const screen = await Screen.of(app, ['new RangeError("too far")', 'console.log("x".repeat(34_000))'])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    await screen.shows(1, 'RangeError: too far')
    await screen
      .output(2)
      .getByRole('button', { name: /^Show [\d,]+ more characters$/ })
      .click()
    await screen.shows(2, /x{34000}/)
  })

  test('a table sorts, filters and turns its pages', async ({ app }) => {
    const screen = await Screen.of(app, ['Array.from({ length: 30 }, (_, i) => ({ n: i, word: i % 2 ? "odd" : "even" }))'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    const output = screen.output(1)
    await output.getByText('30 rows · 2 columns').waitFor()
    const first = () => output.locator('tbody tr').first().textContent()
    await output.getByRole('button', { name: /^n\b/ }).click()
    await output.getByRole('button', { name: /^n\b/ }).click()
    await expect.poll(first).toBe('29odd')
    await output.getByRole('searchbox', { name: 'Filter rows' }).fill('even')
    await expect.poll(first).toBe('28even')
    await output.getByRole('button', { name: 'Next page' }).click()
    await expect.poll(first).toBe('4even')
  })

  test('a long table pages, sorts and filters over all its rows, and says when they are gone', async ({ app }) => {
    app.allow(/status of 404/)
    const screen = await Screen.of(app, ['Array.from({ length: 5000 }, (_, n) => ({ n, half: n / 2 }))'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    const output = screen.output(1)
    await output.getByText('5,000 rows · 2 columns').waitFor()
    await output.getByText('page 1 of 417').waitFor()
    const first = () => output.locator('tbody tr').first().textContent()
    const turn = (name: string) => output.getByRole('button', { name }).click()
    await turn('Last page')
    await expect.poll(first).toBe('49922496')
    expect(await output.locator('tbody tr').count()).toBe(8)
    await turn('First page')
    await expect.poll(first).toBe('00')
    const page = output.getByRole('textbox', { name: 'Go to page' })
    await page.fill('300')
    await page.press('Enter')
    await expect.poll(first).toBe('35881794')
    await page.fill('9999')
    await page.press('Enter')
    await output.getByText('page 417 of 417').waitFor()
    await turn('First page')
    const sort = output.getByRole('button', { name: /^n\b/ })
    await sort.click()
    await sort.click()
    await expect.poll(first).toBe('49992499.5')
    await output.getByRole('searchbox', { name: 'Filter rows' }).fill('4321')
    await output.getByText('1 found').waitFor()
    await expect.poll(first).toBe('43212160.5')
    const download = screen.page.waitForEvent('download')
    await output.getByRole('button', { name: 'Download as CSV' }).click()
    expect(readFileSync(await (await download).path(), 'utf8')).toBe('n,half\r\n4321,2160.5\r\n')
    await screen.choose('Notebook menu', 'Restart the kernel')
    await output.getByRole('searchbox', { name: 'Filter rows' }).fill('77')
    await output.getByText(/Run the cell again/).waitFor()
  })
})
