import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

const SOURCES = [
  '# Title\n\nSome `code`, a [link](https://example.org), $x^2$.\n\n| a | b |\n| - | - |\n| 1 | 2 |',
  'const rows = Array.from({ length: 30 }, (_, i) => ({ n: i, word: "w" + i }))\nrows',
  '({ a: 1, list: [1, "two", null, new Date(0), /x/], deep: { b: true } })',
  'console.log("\\x1b[31mred\\x1b[32mgreen\\x1b[33myellow\\x1b[0m")\nconsole.error("to stderr")',
  'const broken = rows.missing.deep',
  'broken',
  'const rows2 = (',
]

for (const colorScheme of ['light', 'dark'] as const) {
  describeInBrowser(`for everyone, ${colorScheme}`, () => {
    test('sign-in', async ({ app }) => {
      const page = await app.tab(await app.profile({ colorScheme }))
      await page.goto('/')
      await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
      expect(await barriers(page)).toEqual([])
      await page.getByRole('button', { name: 'Create an account' }).click()
      await page.getByLabel('Password').waitFor()
      expect(await barriers(page)).toEqual([])
    })

    test('home, its menus, and a page that is not there', async ({ app }) => {
      const { context } = await app.guest({ colorScheme })
      const page = await app.tab(context)
      await page.goto('/')
      await page.getByRole('link', { name: 'Demo notebook' }).waitFor()
      expect(await barriers(page)).toEqual([])
      await page.getByRole('button', { name: 'Actions for Demo notebook' }).click()
      await page.getByRole('menuitem', { name: 'Duplicate' }).waitFor()
      expect(await barriers(page)).toEqual([])
      await page.goto('/n/xyz')
      await page.getByRole('heading', { name: 'Notebook not found' }).waitFor()
      expect(await barriers(page)).toEqual([])
    })

    test('a notebook: before, while and after it runs, with errors', async ({ app }) => {
      const screen = await Screen.of(app, [...SOURCES, 'const never = await new Promise(() => {})', 'never'], { colorScheme })
      expect(await barriers(screen.page)).toEqual([])
      await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
      await screen.reaches(5, 'failed')
      await screen.reaches(8, 'running')
      expect(await barriers(screen.page)).toEqual([])
      await screen.press('i', 'i')
      await screen.page.getByRole('button', { name: 'Stop', exact: true }).click()
      await screen.reaches(8, 'interrupted')
      await screen.output(2).getByText('30 rows').waitFor()
      await screen.output(1).locator('.katex').first().waitFor()
      expect(await barriers(screen.page)).toEqual([])
      await screen.edit(2)
      await screen.page.keyboard.type('ro')
      expect(await barriers(screen.page)).toEqual([])
    })

    test('dialogs, the palette and the side panel', async ({ app }) => {
      const screen = await Screen.demo(app, await app.profile({ colorScheme }))
      for (const tab of ['variables', 'graph', 'history', 'bin']) {
        await screen.page.getByRole('tab', { name: tab }).click()
        await screen.page.getByRole('tabpanel').locator('.graph-node, p, li').first().waitFor()
        expect(await barriers(screen.page)).toEqual([])
      }
      await screen.page.getByRole('button', { name: 'Commands' }).click()
      await screen.page.getByRole('dialog', { name: 'Commands' }).waitFor()
      expect(await barriers(screen.page)).toEqual([])
      await screen.press('Escape')
      await screen.choose('Notebook menu', 'Keyboard shortcuts')
      await screen.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
      expect(await barriers(screen.page)).toEqual([])
      await screen.press('Escape')
      await screen.choose('Account of Guest', 'Save your work with an account')
      await screen.page.getByLabel('Password').waitFor()
      expect(await barriers(screen.page)).toEqual([])
    })

    test('380 px: nothing is wider than the screen, and the title can be read', async ({ app }) => {
      const screen = await Screen.demo(app, await app.profile({ colorScheme, viewport: { width: 380, height: 800 } }))
      expect(await screen.page.evaluate(() => document.documentElement.scrollWidth)).toBe(380)
      const title = await screen.page.getByRole('textbox', { name: 'Notebook title' }).boundingBox()
      expect(title?.width).toBeGreaterThan(90)
      expect(await barriers(screen.page)).toEqual([])
    })
  })
}

describeInBrowser('the keyboard’s focus', () => {
  test('stays on a button that cannot be pressed any more: one Enter too many writes into no cell', async ({ app }) => {
    const screen = await Screen.of(app, ['Array.from({ length: 30 }, (_, n) => ({ n }))'])
    await screen.cell(1).focus()
    await screen.press('ControlOrMeta+Enter')
    const next = screen.output(1).getByRole('button', { name: 'Next page' })
    await next.focus()
    await screen.press('Enter')
    await screen.shows(1, 'page 2 of 3')
    await screen.press('Enter')
    await screen.shows(1, 'page 3 of 3')
    expect(await next.isDisabled()).toBe(true)
    await screen.press('Enter', 'Enter')
    await screen.output(1).locator('button:focus[aria-label="Next page"]').waitFor()
    await screen.shows(1, 'page 3 of 3')
    expect(await screen.source(1)).toBe('Array.from({ length: 30 }, (_, n) => ({ n }))')
  })

  test('goes to the cell when what was pressed is gone: unfolded outputs, entries and lines, a duplicate that is renamed', async ({
    app,
  }) => {
    const screen = await Screen.of(app, [
      'Object.fromEntries(Array.from({ length: 60 }, (_, n) => ["c" + n, n]))',
      "for (let n = 0; n < 3_000; n += 1) console.log('line ' + n)",
      'const twice = 1',
      'const twice = 2',
    ])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    await screen.reaches(2, 'ok')
    const press = async (place: number, name: RegExp | string) => {
      await screen.cell(place).getByRole('button', { name }).first().focus()
      await screen.press('Enter')
      await screen.onCell(place)
    }
    await press(1, '10 more')
    await press(2, /^Show .* lines?$/)
    await screen.press('o')
    await press(2, /folded$/)
    await press(3, 'Rename it in this cell')
  })

  test('what an error says is wrapped, also one long word', async ({ app }) => {
    const screen = await Screen.of(app, ["throw new Error('x'.repeat(3_000))"])
    await screen.cell(1).focus()
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(1, 'xxx')
    expect(await screen.output(1).evaluate((box) => box.scrollWidth <= box.clientWidth)).toBe(true)
  })
})
