import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

const PICKER = `const chosen = input.table([{ city: 'Oslo', celsius: 3 }, { city: 'Lisbon', celsius: 17 }], { label: 'Cities' })
chosen`

describeInBrowser('inputs', () => {
  for (const width of [1280, 380])
    test(`[S18] rows are chosen by boxes that take no more room than they need, at ${width} px`, async ({ app }) => {
      const screen = await Screen.of(app, [PICKER, 'chosen.map(({ city }) => city).join()'], { viewport: { width, height: 800 } })
      const { page } = screen
      await page.getByRole('button', { name: /^Run (all|stale)/ }).click()
      const rows = screen.output(1).getByRole('region', { name: 'Cities' })
      const boxes = rows.getByRole('checkbox')
      await boxes.first().waitFor()
      const room = (of: string) => rows.locator(of).evaluateAll((all) => all.map((each) => each.getBoundingClientRect().width))
      for (const cell of await room(':is(th, td):first-child')) {
        expect(cell).toBeGreaterThanOrEqual(16)
        expect(cell).toBeLessThanOrEqual(48)
      }
      // The rest is for what there is to read.
      const [table = 0] = await room('table')
      const names = await room('tbody td:nth-child(2)')
      expect(Math.min(...names)).toBeGreaterThan(table / 4)
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await boxes.nth(1).check()
      await screen.shows(2, 'Lisbon')
      await screen.output(1).getByText('1 of 2 chosen').waitFor()
      await boxes.nth(0).check()
      await screen.shows(2, 'Oslo,Lisbon')
    })
})
