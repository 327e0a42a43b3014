import { expect } from 'vitest'
import type { App } from '../support/browser.ts'
import { READER, usePostgres } from '../support/postgres.ts'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

const postgres = usePostgres()

async function withCell(app: App, source: string): Promise<Screen> {
  const { context, api } = await app.guest()
  const { id } = await api.createNotebook.mutate({ title: 'Queries' })
  await api.applyEdits.mutate({ notebookId: id, edits: [{ insert: { language: 'sql', source } }] })
  const screen = new Screen(await app.tab(context))
  await screen.page.goto(`/n/${id}`)
  await screen.opened()
  return screen
}

const dialog = (screen: Screen) => screen.page.getByRole('dialog', { name: 'Database connections' })

async function add(screen: Screen, name: string, url: string): Promise<void> {
  await dialog(screen).getByLabel('Name', { exact: true }).fill(name)
  await dialog(screen).getByLabel('Connection string', { exact: true }).fill(url)
  await dialog(screen).getByRole('button', { name: 'Add', exact: true }).click()
}

describeInBrowser('connections to databases', () => {
  test('tried out, added, called otherwise, led elsewhere, allowed to write, removed; what is refused says why', async ({
    app,
  }) => {
    const screen = await withCell(app, 'select 1')
    app.allow(/400 \(Bad Request\)/)
    await screen.choose('Notebook menu', 'Database connections')
    const connections = dialog(screen)
    await connections.getByText('There is no connection yet.').waitFor()
    await add(screen, 'Shop', 'mysql://nobody@nowhere')
    await connections.getByRole('alert').filter({ hasText: 'postgres' }).waitFor()

    const string = connections.getByLabel('Connection string', { exact: true })
    expect(await string.getAttribute('type')).toBe('password')
    await string.fill(postgres.server.url({ ...READER, password: 'wrong' }))
    await connections.getByRole('button', { name: 'Test', exact: true }).click()
    await connections.getByRole('status').filter({ hasText: 'password' }).waitFor()
    await string.fill(postgres.server.url())
    await connections.getByRole('button', { name: 'Test', exact: true }).click()
    await connections.getByRole('status').filter({ hasText: 'It works: PostgreSQL' }).waitFor()
    expect(await barriers(screen.page)).toEqual([])

    await add(screen, 'Shop', postgres.server.url())
    const row = connections.getByRole('listitem')
    await row.filter({ hasText: `reader@127.0.0.1:${postgres.server.port}/shop` }).waitFor()
    expect(await string.inputValue()).toBe('')
    expect(await screen.page.content()).not.toContain(encodeURIComponent(READER.password))

    await row.getByRole('button', { name: 'Test Shop' }).click()
    await row.getByRole('status').filter({ hasText: 'reads only' }).waitFor()
    await row.getByRole('checkbox', { name: 'Shop: read-only' }).click()
    await expect.poll(() => row.getByRole('checkbox').isChecked()).toBe(false)

    await row.getByRole('button', { name: 'Rename Shop' }).click()
    await row.getByRole('textbox', { name: 'New name of Shop' }).fill('Store')
    await screen.press('Enter')
    await row.getByRole('button', { name: 'Replace the connection string of Store' }).click()
    const another = row.getByLabel('New connection string of Store')
    expect([await another.getAttribute('type'), await another.inputValue()]).toEqual(['password', ''])
    await another.fill('mysql://nobody@nowhere')
    await screen.press('Enter')
    await row.getByRole('alert').filter({ hasText: 'postgres' }).waitFor()
    expect(await barriers(screen.page)).toEqual([])
    const elsewhere = postgres.server.url(READER, 'postgres?sslmode=disable')
    await another.fill(elsewhere)
    await screen.press('Enter')
    await row.filter({ hasText: `reader@127.0.0.1:${postgres.server.port}/postgres` }).waitFor()
    await row.getByRole('button', { name: 'Test Store' }).click()
    await row.getByRole('status').filter({ hasText: 'It works' }).waitFor()
    expect(await screen.page.content()).not.toContain(elsewhere)
    await row.getByRole('button', { name: 'Replace the connection string of Store' }).click()
    await another.fill(postgres.server.url())
    await screen.press('Escape')
    await another.waitFor({ state: 'detached' })
    await row.filter({ hasText: '/postgres' }).waitFor()

    await row.getByRole('button', { name: 'Remove Store' }).click()
    expect(await barriers(screen.page)).toEqual([])
    await row.getByRole('button', { name: 'Keep it' }).click()
    await row.getByRole('button', { name: 'Remove Store' }).click()
    await row.getByRole('button', { name: 'Remove it' }).click()
    await connections.getByText('There is no connection yet.').waitFor()
    await screen.press('Escape')
    await connections.waitFor({ state: 'detached' })
  })

  test('a cell runs where it is told to; its tables are shown, inserted and offered', async ({ app }) => {
    await postgres.server.admin(
      `drop table if exists "Orders"; create table "Orders" (id int primary key, region text);
       insert into "Orders" values (1, 'north'); analyze; grant select on "Orders" to ${READER.user}`,
    )
    const screen = await withCell(app, 'select region from ')
    await screen
      .cell(1)
      .getByRole('button', { name: /^Cell 1 runs on DuckDB/ })
      .click()
    await screen.menu('Manage connections…').click()
    await add(screen, 'Shop', postgres.server.url())
    await dialog(screen).getByRole('button', { name: 'Test Shop' }).waitFor()
    await screen.press('Escape')
    await screen.choose('Cell 1 runs on DuckDB in the notebook', 'Shop')
    await screen.cell(1).getByRole('button', { name: 'Cell 1 runs on Shop' }).waitFor()

    await screen.edit(1)
    await screen.press('ControlOrMeta+End')
    await screen.page.getByRole('tab', { name: 'tables' }).click()
    const panel = screen.page.getByRole('tabpanel')
    await panel.getByText('No table yet').waitFor()
    await panel.getByRole('button', { name: 'Shop', exact: true }).click()
    await panel.getByRole('button', { name: /^Orders/ }).click()
    await panel.getByRole('list', { name: 'Columns of Orders' }).getByText('region').waitFor()
    await panel.getByRole('button', { name: 'Insert Orders' }).click()
    await screen.editing(1)
    expect(await screen.source(1)).toBe('select region from "Orders"')
    await screen.press('ControlOrMeta+Enter')
    await screen.output(1).getByRole('cell', { name: 'north' }).waitFor()

    await screen.write('select o. from "Orders" o')
    await screen.press('Home', ...Array.from({ length: 9 }, () => 'ArrowRight'), 'Control+Space')
    const offered = screen.page.locator('.cm-tooltip-autocomplete')
    await offered.getByText('region').waitFor()
    expect(await offered.getByRole('option').allTextContents()).toEqual(['idinteger', 'regiontext'])
  })

  test('a database that does not answer says so in the panel, and is asked again', async ({ app }) => {
    const screen = await withCell(app, 'select 1')
    app.allow(/50\d|Failed to load/)
    await screen.choose('Notebook menu', 'Database connections')
    await add(screen, 'Gone', 'postgresql://nobody@127.0.0.1:1/nothing')
    await dialog(screen).getByRole('button', { name: 'Test Gone' }).click()
    await dialog(screen)
      .getByRole('status')
      .filter({ hasText: /refused|reach/i })
      .waitFor()
    await screen.press('Escape')
    await screen.page.getByRole('tab', { name: 'tables' }).click()
    const panel = screen.page.getByRole('tabpanel')
    await panel.getByRole('button', { name: 'Gone', exact: true }).click()
    await panel.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
    await panel.getByRole('alert').waitFor()
    expect(await barriers(screen.page)).toEqual([])
  })
})
