import { readFileSync } from 'node:fs'
import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { App } from '../support/browser.ts'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

/** A new guest's notebook whose cells are SQL, or TypeScript where a source begins with `//`. */
async function sqlScreen(app: App, sources: readonly string[]): Promise<Screen> {
  const { context, api } = await app.guest()
  const { id } = await api.createNotebook.mutate({ title: 'Queries' })
  const edits = sources.map((source) => {
    const language = source.startsWith('//') ? ('typescript' as const) : ('sql' as const)
    return { insert: { language, source } }
  })
  await api.applyEdits.mutate({ notebookId: id, edits })
  const screen = new Screen(await app.tab(context))
  await screen.page.goto(`/n/${id}`)
  await screen.opened()
  return screen
}

const nameField = (screen: Screen, place: number): Locator =>
  screen.page.getByRole('textbox', { name: `Name of the result of cell ${place}` })

async function run(screen: Screen, place: number): Promise<void> {
  await screen.edit(place)
  await screen.press('ControlOrMeta+Enter')
}

describeInBrowser('SQL cells', () => {
  test('an empty notebook offers SQL; a query runs, and NULL and texts are told apart', async ({ app }) => {
    const { context, api } = await app.guest()
    const { id } = await api.createNotebook.mutate({ title: 'Empty' })
    const screen = new Screen(await app.tab(context))
    await screen.page.goto(`/n/${id}`)
    await screen.page.getByRole('main').getByRole('button', { name: 'SQL' }).click()
    await screen.editing(1)
    await screen.page.keyboard.insertText("select 1 as n, null as nothing, 'NULL' as word, '' as blank, 2 as n")
    await screen.press('ControlOrMeta+Enter')
    const cells = screen.output(1).getByRole('cell')
    await cells.first().waitFor()
    expect(await cells.allTextContents()).toEqual(['1', 'NULL', 'NULL', '', '2'])
    expect(await cells.nth(1).getAttribute('data-missing')).toBe('true')
    expect(await cells.nth(2).getAttribute('data-missing')).toBeNull()
    expect(await screen.output(1).getByRole('button', { name: /^n/ }).first().getAttribute('data-tip')).toMatch(/integer/i)
    await screen.page.locator('.insert-bar-always').getByRole('button', { name: 'SQL' }).click()
    await screen.editing(2)
  })

  test('[X3] the result gets a name in place, which other cells read; refused names stay to be mended', async ({ app }) => {
    const screen = await sqlScreen(app, ["select 'north' as region, 3 as total", '// reads it\norders[0].region'])
    const field = nameField(screen, 1)
    await field.fill('by month')
    await field.press('Enter')
    await screen.page.getByRole('alert').filter({ hasText: 'is no name that other cells could write' }).waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.fill('orders')
    await field.press('Enter')
    await screen.cell(1).getByText('defines').waitFor()
    await run(screen, 2)
    await screen.shows(2, 'north')
    await field.fill('other')
    await field.press('Escape')
    expect(await field.inputValue()).toBe('orders')
    await screen.cell(1).getByRole('button', { name: 'Take away the name orders' }).click()
    await screen.cell(1).getByText('defines').waitFor({ state: 'detached' })
    await screen.page.reload()
    await screen.opened()
    expect(await nameField(screen, 1).inputValue()).toBe('')
  })

  test('a name that the server refuses is refused beside the field', async ({ app }) => {
    const screen = await sqlScreen(app, ['select 1 as a'])
    await screen.page.route('**/trpc/setCell*', (route) =>
      route.fulfill({
        status: 400,
        contentType: 'application/json',
        body: JSON.stringify({
          error: {
            message: 'refused',
            code: -32600,
            data: {
              code: 'BAD_REQUEST',
              httpStatus: 400,
              problem: { kind: 'invalid-input', issues: [{ path: 'resultName', message: 'is taken by the engine' }] },
            },
          },
        }),
      }),
    )
    app.allow(/400 \(Bad Request\)/)
    await nameField(screen, 1).fill('tables')
    await nameField(screen, 1).press('Enter')
    await screen.page.getByRole('alert').filter({ hasText: 'is taken by the engine' }).waitFor()
    expect(await nameField(screen, 1).inputValue()).toBe('tables')
  })

  test('an error of the database says what, its code and where in the own lines', async ({ app }) => {
    const screen = await sqlScreen(app, ['select 1 as a,\n       nowhere as b'])
    await run(screen, 1)
    await screen.shows(1, 'Database error')
    await screen.shows(1, 'nowhere')
    expect(await screen.output(1).locator('.cell-error-line').textContent()).toBe('  2 │        nowhere as b\n    │        ^')
  })

  test('two results of one name: renaming gives the result another name, not the query', async ({ app }) => {
    const screen = await sqlScreen(app, ['select 1 as a', '// taken\nconst a = 1'])
    await nameField(screen, 1).fill('a')
    await nameField(screen, 1).press('Enter')
    await screen.cell(1).getByRole('button', { name: 'Rename it in this cell' }).click()
    await expect.poll(() => nameField(screen, 1).inputValue()).toBe('a2')
    expect(await screen.source(1)).toBe('select 1 as a')
  })

  test('the plan of a query comes in a cell below; several statements are refused', async ({ app }) => {
    const screen = await sqlScreen(app, ['select 42 as answer', 'select 1; select 2'])
    await screen
      .cell(1)
      .getByRole('button', { name: /^Explain/ })
      .click()
    await screen.order('select 42', 'explain', 'select 1; select 2')
    await screen.reaches(2, 'ok')
    await screen.shows(2, /PROJECTION|DUMMY_SCAN/)
    await screen
      .cell(3)
      .getByRole('button', { name: /^Explain/ })
      .click()
    await screen.page.getByText('this cell has 2').waitFor()
    expect(await screen.cells().count()).toBe(3)
  })

  test('the formatter lays a query out anew and keeps holes and comments', async ({ app }) => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a hole of SQL
    const screen = await sqlScreen(app, ["select a,b from t where c=${ x  ??  '}' } -- why, so", "select 'open"])
    await screen
      .cell(1)
      .getByRole('button', { name: /^Format/ })
      .click()
    await expect.poll(() => screen.source(1)).toContain('\nfrom\n  t\n')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
    expect(await screen.source(1)).toContain("c = ${ x  ??  '}' } -- why, so")
    await screen
      .cell(2)
      .getByRole('button', { name: /^Format/ })
      .click()
    await screen.page.getByText('Not formatted').waitFor()
    expect(await screen.source(2)).toBe("select 'open")
  })

  test('a result is shown as a chart: it gets a name, and a cell below draws it', async ({ app }) => {
    const screen = await sqlScreen(app, ["select * from (values ('a', 3::bigint), ('b', 5::bigint)) as t(region, sold)"])
    await run(screen, 1)
    await screen.output(1).getByRole('button', { name: 'Show as chart' }).click()
    await screen.output(2).locator('iframe').waitFor()
    await expect.poll(() => screen.drawing(2)).toContain('<svg')
    expect(await nameField(screen, 1).inputValue()).toBe('result')
    expect(await screen.source(2)).toContain('Plot.barY(result, { x: "region"')
  })

  test('all rows of a long result are downloaded, by pages', async ({ app }) => {
    const screen = await sqlScreen(app, [
      "select i, case when i = 2 then null else 'n' || i end as word from range(2500) as t(i)",
    ])
    await nameField(screen, 1).fill('numbers')
    await nameField(screen, 1).press('Enter')
    await run(screen, 1)
    await screen.output(1).getByText('2,500 rows').waitFor()
    const saving = screen.page.waitForEvent('download')
    await screen.output(1).getByRole('button', { name: 'Download as CSV' }).click()
    const file = await saving
    expect(file.suggestedFilename()).toBe('numbers.csv')
    const text = readFileSync(await file.path(), 'utf8')
    const lines = text.split('\r\n')
    expect(lines.length).toBe(2501)
    expect(lines.slice(0, 4)).toEqual(['i,word', '0,n0', '1,n1', '2,'])
    expect(lines.at(-1)).toBe('2499,n2499')
  })

  test('the editor offers tables, columns of an alias, values that can be tables, and all names in a hole', async ({ app }) => {
    const screen = await sqlScreen(app, [
      'create table people as select 1 as person_id, true as active',
      '// values\nconst years = [{ year: 2026 }], yearly = 12',
      'select 1',
    ])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    for (const place of [1, 2, 3]) await screen.reaches(place, 'ok')
    const options = screen.page.locator('.cm-tooltip-autocomplete').getByRole('option')
    const labels = () => options.locator('.cm-completionLabel').allTextContents()
    const type = async (text: string) => {
      await screen.write('')
      await options.first().waitFor({ state: 'detached' })
      await screen.page.keyboard.type(text)
    }
    await screen.edit(3)
    await type('select * from peop')
    await expect.poll(labels).toContain('people')
    await type('from people p select p.')
    await expect.poll(labels).toEqual(['active', 'person_id'])
    await type('select * from year')
    await expect.poll(labels).toContain('years')
    expect(await labels()).not.toContain('yearly')
    await type('select ${year')
    await expect.poll(labels).toEqual(expect.arrayContaining(['years', 'yearly']))
    await screen.cell(3).locator('.cm-hole').waitFor()
  })

  test('nothing keeps anybody out', async ({ app }) => {
    const screen = await sqlScreen(app, ['create table t as select 1 as a, null as b', 'select * from t'])
    await run(screen, 2)
    await screen.output(2).getByRole('cell').first().waitFor()
    await screen.page.getByRole('tab', { name: 'tables' }).click()
    await screen.page.getByRole('tabpanel').getByRole('button', { name: /^t\b/ }).click()
    await screen.page.getByRole('list', { name: 'Columns of t' }).waitFor()
    expect(await barriers(screen.page)).toEqual([])
    await screen.page.getByRole('button', { name: 'Manage connections…' }).click()
    await screen.page.getByRole('dialog', { name: 'Database connections' }).waitFor()
    expect(await barriers(screen.page)).toEqual([])
  })
})
