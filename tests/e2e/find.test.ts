import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

describeInBrowser('finding in the notebook', () => {
  test('Ctrl+F finds in every cell, walks through the places and replaces them all, with Undo', async ({ app }) => {
    const screen = await Screen.of(app, ['const price = 1', '// nothing here', 'price + price'])
    const { page } = screen
    await screen.edit(1)
    await screen.press('Home', 'ControlOrMeta+f')
    const bar = page.getByRole('search', { name: 'Find in notebook' })
    await page.keyboard.type('price')
    await bar.getByText('1 of 3').waitFor()
    await screen.press('Enter')
    await bar.getByText('2 of 3').waitFor()
    await screen.press('Enter')
    await bar.getByText('3 of 3').waitFor()
    await screen.press('Enter')
    await bar.getByText('1 of 3').waitFor()
    await screen.press('Shift+Enter')
    await bar.getByText('3 of 3').waitFor()
    await bar.getByRole('textbox', { name: 'Replace with' }).fill('cost')
    await bar.getByRole('button', { name: 'All' }).click()
    await screen.order('const cost = 1', '// nothing here', 'cost + cost')
    await page.getByRole('button', { name: 'Undo' }).click()
    await screen.order('const price = 1', '// nothing here', 'price + price')
    await screen.press('ControlOrMeta+f', 'Enter', 'Escape')
    await bar.waitFor({ state: 'detached' })
    await screen.editing(1)
    await page.keyboard.type('amount')
    await screen.order('const amount = 1', '// nothing here', 'price + price')
    expect(await bar.count()).toBe(0)
  })

  test('Z takes back what was replaced in all cells before what was done to cells earlier', async ({ app }) => {
    const screen = await Screen.of(app, ['const price = 1', 'price + price'])
    await screen.cell(1).focus()
    await screen.press('Alt+ArrowDown')
    await screen.order('price + price', 'const price = 1')
    await screen.press('ControlOrMeta+f')
    const bar = screen.page.getByRole('search', { name: 'Find in notebook' })
    await screen.page.keyboard.type('price')
    await bar.getByRole('textbox', { name: 'Replace with' }).fill('cost')
    await bar.getByRole('button', { name: 'All' }).click()
    await screen.order('cost + cost', 'const cost = 1')
    await screen.press('Escape')
    await screen.cell(1).focus()
    await screen.press('z')
    await screen.order('price + price', 'const price = 1')
    await screen.press('z')
    await screen.order('const price = 1', 'price + price')
  })

  test('gives the focus back when nothing was found: to the cursor, or to the cell', async ({ app }) => {
    const screen = await Screen.of(app, ['const price = 1', '// nothing here'])
    const { page } = screen
    await screen.edit(1)
    await screen.press('Home', 'ControlOrMeta+f')
    await page.keyboard.type('nowhere')
    await page.getByRole('search').getByText('none').waitFor()
    await screen.press('Escape')
    await screen.editing(1)
    await page.keyboard.type('export ')
    await screen.order('export const price = 1', '// nothing here')
    await screen.press('Escape', 'j')
    await screen.onCell(2)
    await screen.press('ControlOrMeta+f', 'Escape')
    await screen.onCell(2)
  })

  test('while one types, every match is marked, in editors and in the text that stands for them, and the first one is shown', async ({
    app,
  }) => {
    const lines = (n: number) => `${'// filler\n'.repeat(12)}const price${n} = ${n}`
    const screen = await Screen.of(app, Array.from({ length: 45 }, (_, n) => lines(n)).concat('price1 + 1', '// the end'))
    const { page } = screen
    await screen.edit(1)
    await screen.press('ControlOrMeta+f')
    const bar = page.getByRole('search', { name: 'Find in notebook' })
    await page.keyboard.type('price1')
    await bar.getByText('1 of 12').waitFor()
    await expect.poll(() => marked(screen, 'found')).toEqual(Array(12).fill('price1'))
    expect(await marked(screen, 'found-current')).toEqual(['price1'])
    expect(await screen.cells().locator('.cell-plain').count()).toBeGreaterThan(5)
    await page.keyboard.type(' ')
    await expect.poll(() => marked(screen, 'found')).toEqual(['price1 ', 'price1 '])
    await expect.poll(() => onScreen(screen)).toBe(true)
    await page.keyboard.type('+')
    await bar.getByText('1 of 1').waitFor()
    await expect.poll(() => onScreen(screen)).toBe(true)
    expect(await screen.cell(46).evaluate((cell) => cell.getBoundingClientRect().top)).toBeGreaterThan(50)
    // What has come onto the screen has its editor now, and the mark is in it.
    await screen.cell(46).locator('.cm-content').waitFor()
    await expect.poll(() => marked(screen, 'found')).toEqual(['price1 +'])
    expect(
      await bar.getByRole('textbox', { name: 'Find', exact: true }).evaluate((field) => field === document.activeElement),
    ).toBe(true)
    await screen.press('Escape')
    await screen.editing(46)
    expect(await marked(screen, 'found')).toEqual([])
    expect(await marked(screen, 'found-current')).toEqual([])
  })

  test('the search begins where the cursor is; marks follow what is typed and what others type', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'a + a + a', 'a'])
    const other = await screen.again(app, screen.page.context())
    await screen.edit(2)
    await screen.press('Home', 'ArrowRight', 'ControlOrMeta+f')
    const bar = screen.page.getByRole('search', { name: 'Find in notebook' })
    await screen.page.keyboard.type('a')
    await bar.getByText('3 of 5').waitFor()
    await bar.getByRole('button', { name: 'Match case' }).click()
    await bar.getByText('3 of 5').waitFor()
    await screen.edit(3)
    await screen.press('End')
    await screen.page.keyboard.type(' + aa')
    await expect.poll(() => marked(screen, 'found')).toEqual(Array(7).fill('a'))
    await other.edit(1)
    await other.write('const b = 1')
    await expect.poll(() => marked(screen, 'found')).toEqual(Array(6).fill('a'))
    await bar.getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => marked(screen, 'found')).toEqual([])
  })

  test('marks also what comes later: cells that are inserted, and prose that is written in again', async ({ app }) => {
    const { screen, api } = await Screen.withApi(app, ['# price of prose', 'const price = 1'])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    await screen.output(1).locator('.prose').waitFor()
    await screen.cell(2).focus()
    await screen.press('ControlOrMeta+f')
    await screen.page.keyboard.type('price')
    await screen.page.getByRole('search').getByText('2 of 2').waitFor()
    await expect.poll(() => marked(screen, 'found')).toEqual(['price'])
    await screen.press('Enter')
    await screen.cell(1).locator('.cm-content').waitFor()
    await expect.poll(() => marked(screen, 'found')).toEqual(['price', 'price'])
    const notebookId = new URL(screen.page.url()).pathname.slice('/n/'.length)
    await api.insertCell.mutate({ notebookId, language: 'typescript', source: 'price * price' })
    await expect.poll(() => marked(screen, 'found')).toEqual(Array(4).fill('price'))
  })

  test('finds without marks where the browser has none', async ({ app }) => {
    const { context, api } = await app.guest()
    await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'Highlight'))
    const { id } = await api.createNotebook.mutate({})
    await api.applyEdits.mutate({ notebookId: id, edits: [{ insert: { language: 'typescript', source: '1 + 1' } }] })
    const screen = new Screen(await app.tab(context))
    await screen.page.goto(`/n/${id}`)
    await screen.opened()
    await screen.press('ControlOrMeta+f')
    await screen.page.keyboard.type('1')
    await screen.page.getByRole('search').getByText('1 of 2').waitFor()
    await screen.press('Enter')
    await screen.page.getByRole('search').getByText('2 of 2').waitFor()
  })
})

/** The texts that are marked, in page order. */
function marked({ page }: Screen, name: string): Promise<string[]> {
  return page.evaluate((of) => {
    const ranges = [...(CSS.highlights.get(of) ?? [])].map((marking) => {
      const range = document.createRange()
      range.setStart(marking.startContainer, marking.startOffset)
      range.setEnd(marking.endContainer, marking.endOffset)
      return range
    })
    return ranges.toSorted((a, b) => a.compareBoundaryPoints(Range.START_TO_START, b)).map(String)
  }, name)
}

/** Whether the current match can be seen below the bars. */
function onScreen({ page }: Screen): Promise<boolean> {
  return page.evaluate(() => {
    const [current] = CSS.highlights.get('found-current') ?? []
    if (!current) return false
    const range = document.createRange()
    range.setStart(current.startContainer, current.startOffset)
    range.setEnd(current.endContainer, current.endOffset)
    const { top, bottom } = range.getBoundingClientRect()
    return top > 100 && bottom < innerHeight - 40
  })
}
