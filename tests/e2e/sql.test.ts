import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
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

/** What the menu of the first cell's table saves. */
async function saved(screen: Screen, format: string): Promise<{ name: string; bytes: Buffer }> {
  const saving = screen.page.waitForEvent('download')
  await screen.output(1).getByRole('button', { name: 'Download' }).click()
  await screen.menu(format).click()
  const file = await saving
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

/** The first rows of a Parquet file, as another program reads them. */
async function rowsOf(bytes: Buffer): Promise<unknown[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-saved-'))
  try {
    writeFileSync(join(folder, 'file.parquet'), bytes)
    const connection = await (await DuckDBInstance.create()).connect()
    return (await connection.runAndReadAll(`from read_parquet('${folder}/file.parquet') limit 3`)).getRowsJson()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

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

  test('all rows of a long result are saved as CSV and as Parquet, as they are sorted and filtered', async ({ app }) => {
    const screen = await sqlScreen(app, [
      "select i, case when i = 2 then null else 'n' || i end as word from range(250000) as t(i)",
    ])
    await nameField(screen, 1).fill('numbers')
    await nameField(screen, 1).press('Enter')
    await run(screen, 1)
    await screen.output(1).getByText('250,000 rows').waitFor()
    const csv = await saved(screen, 'CSV')
    expect(csv.name).toBe('numbers.csv')
    const lines = csv.bytes.toString('utf8').split('\r\n')
    expect(lines.length).toBe(250_002)
    expect([...lines.slice(0, 4), ...lines.slice(-2)]).toEqual(['i,word', '0,n0', '1,n1', '2,', '249999,n249999', ''])

    await screen.output(1).getByRole('searchbox', { name: 'Filter rows' }).fill('n9999')
    await screen.output(1).getByText('11 found').waitFor()
    await screen.output(1).getByRole('button', { name: /^i/ }).click()
    await screen.output(1).getByRole('button', { name: /^i/ }).click()
    const parquet = await saved(screen, 'Parquet')
    expect(parquet.name).toBe('numbers.parquet')
    expect(await rowsOf(parquet.bytes)).toEqual([99_999, 99_998, 99_997].map((i) => [String(i), `n${i}`]))
  })

  test('a result that is not kept any more says so; what the page has of it is saved as it is shown', async ({ app }) => {
    app.allow(/status of 404/)
    const screen = await sqlScreen(app, ["select 1.5 as x, 'a,b' as y", 'select * from range(1000)'])
    await run(screen, 1)
    await screen.output(1).getByRole('cell', { name: 'a,b' }).waitFor()
    await run(screen, 2)
    await screen.output(2).getByText('1,000 rows').waitFor()
    await screen.choose('Notebook menu', 'Restart the kernel')
    await expect.poll(() => screen.page.locator('footer').textContent()).toContain('kernel starts with the first run')
    const csv = await saved(screen, 'CSV')
    expect(csv.bytes.toString('utf8')).toBe('x,y\r\n1.5,"a,b"\r\n')
    await screen.page.getByText('they are saved as they are shown').waitFor()
    await screen.output(2).getByRole('button', { name: 'Download' }).click()
    await screen.menu('Parquet').click()
    await screen.page.getByText('Run the cell again to save them').waitFor()
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
    await type('select date_tr')
    await expect.poll(labels).toContain('date_trunc')
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
