import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { held } from './held.ts'
import { Screen } from './screen.ts'

// biome-ignore lint/suspicious/noTemplateCurlyInString: the code under test has one
const TS = "// adds\nexport const add = (a: number, b = 2) => `${a}` + 'b'\n\n\tinterface Wide { name: string }"
const SQL = "select count(*) as n from sales where name = 'x' -- why"
const PYTHON = 'def add(a, b=2):\n    """Adds."""\n    return a + b  # done'
const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``

async function rendered(screen: Screen) {
  await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
  const prose = screen.output(1).locator('.prose')
  await prose.locator('h1').waitFor()
  return prose
}

const LONG = `const long = '${'wide '.repeat(80)}'`

describeInBrowser('code in prose', () => {
  for (const [look, options] of [
    ['light', {}],
    ['dark', { colorScheme: 'dark' as const }],
    ['narrow', { viewport: { width: 380, height: 720 } }],
  ] as const)
    test(`has the editor’s colours, can be read, and is the same text, ${look}`, async ({ app }) => {
      const text = ['# Code', fence('ts', TS), fence('sql', SQL), fence('Python title', PYTHON), fence('js', LONG)].join('\n\n')
      const screen = await Screen.of(app, [text], options)
      const prose = await rendered(screen)
      const codes = prose.locator('pre code')
      await codes.nth(0).locator('.code-keyword').getByText('export').waitFor()
      await codes.nth(1).locator('.code-keyword').getByText('select').waitFor()
      await codes.nth(2).locator('.code-keyword').getByText('def').waitFor()
      await codes.nth(3).locator('.code-keyword').getByText('const').waitFor()
      expect(await codes.allTextContents()).toEqual([TS, SQL, PYTHON, LONG].map((code) => `${code}\n`))
      for (const kind of ['comment', 'name', 'string', 'number', 'type'])
        expect(await codes.nth(0).locator(`.code-${kind}`).count(), kind).toBeGreaterThan(0)
      expect(await barriers(screen.page)).toEqual([])
      expect(await screen.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await prose.locator('pre').nth(3).focus()
      await screen.press('ArrowRight')
      await expect
        .poll(() =>
          prose
            .locator('pre')
            .nth(3)
            .evaluate((box) => box.scrollLeft),
        )
        .toBeGreaterThan(0)
    })

  test('follows the theme, and what is typed', async ({ app }) => {
    const screen = await Screen.of(app, [`# Code\n\n${fence('ts', TS)}`])
    const prose = await rendered(screen)
    const keyword = prose.locator('.code-keyword').first()
    const colour = () => keyword.evaluate((word) => getComputedStyle(word).color)
    const light = await colour()
    await screen.page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(colour).not.toBe(light)
    await screen.edit(1)
    await screen.write(`# Code\n\n${fence('python', PYTHON)}`)
    await screen.press('Shift+Enter')
    await prose.locator('.code-keyword').getByText('def').waitFor()
  })

  test('loads a language only when its code comes near the screen, and none for text without one', async ({ app }) => {
    const screen = await Screen.of(app, [
      `# Top\n\n${fence('', 'const plain = 1')}\n\n${fence('cobol', 'DISPLAY 1.')}\n\n${'far\n\n'.repeat(120)}${fence('python', PYTHON)}`,
    ])
    await rendered(screen)
    // Its editor, which knows the language, is not on a page that shows the prose from the beginning.
    const page = await screen.page.context().newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(screen.page.url())
    const tab = new Screen(page)
    await tab.opened()
    const prose = tab.output(1).locator('.prose')
    await prose.locator('h1').waitFor()
    await page.waitForLoadState('networkidle')
    expect(await prose.locator('pre code span').count()).toBe(0)
    const before = asked.length
    await prose.locator('pre').last().scrollIntoViewIfNeeded()
    await prose.locator('.code-keyword').getByText('def').waitFor()
    expect(asked.slice(before).filter((path) => path.endsWith('.js'))).not.toEqual([])
    expect(await prose.locator('pre').nth(1).locator('span').count()).toBe(0)
  })
})

describeInBrowser('prose that was code', () => {
  test('what M makes into Markdown stays in sight until it runs as that', async ({ app }) => {
    const screen = await Screen.of(app, ['1 + 2'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(1, /^3$/)
    const line = await held(screen, 'setCell')
    await screen.press('Escape', 'm')
    await screen.cell(1).getByText('MD', { exact: true }).waitFor()
    expect(await screen.source(1)).toBe('1 + 2')
    line.letGo()
    await screen.reaches(1, 'stale')
    expect(await screen.source(1)).toBe('1 + 2')
    await screen.press('ControlOrMeta+Enter')
    await screen.cell(1).locator('.prose', { hasText: '1 + 2' }).waitFor()
    await screen.cell(1).locator('.cell-code').waitFor({ state: 'detached' })
  })
})
