import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { App } from '../support/browser.ts'
import { secondSheet, workbook } from '../support/workbook.ts'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

const CARS = 'name,n\nBeetle,1\nDuck,2\n'

/** A new guest's notebook whose cells are SQL. */
async function sqlScreen(app: App, ...sources: string[]) {
  const { context, api } = await app.guest()
  const { id } = await api.createNotebook.mutate({ title: 'Files' })
  await api.applyEdits.mutate({ notebookId: id, edits: sources.map((source) => ({ insert: { language: 'sql', source } })) })
  const screen = new Screen(await app.tab(context))
  await screen.page.goto(`/n/${id}`)
  await screen.opened()
  return { screen, context, api, id }
}

interface Given {
  name: string
  text: string
}

/** As a browser tells a page that somebody drags files over this place. */
async function drag(over: Locator, files: Given[], events: ('dragenter' | 'dragover' | 'dragleave' | 'drop')[]): Promise<void> {
  await over.evaluate(
    (element, { files: given, events: types }) => {
      const dataTransfer = new DataTransfer()
      for (const { name, text } of given) dataTransfer.items.add(new File([text], name))
      for (const type of types) element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    },
    { files, events },
  )
}

const drop = (screen: Screen, ...files: Given[]) => drag(screen.page.locator('main'), files, ['dragenter', 'dragover', 'drop'])
const tray = (screen: Screen) => screen.page.getByRole('region', { name: 'Uploads' })
const says = (screen: Screen, text: string | RegExp) => tray(screen).getByText(text).waitFor()
const showTables = (screen: Screen) => screen.page.getByRole('tab', { name: 'tables' }).click()
const table = (screen: Screen, name: string) =>
  screen.page.getByRole('list', { name: 'Databases' }).getByRole('button', { name, expanded: false })

describeInBrowser('files', () => {
  test('a file dropped on an editor becomes a table in every tab, and the cell that reads it runs; its text stays as it was', async ({
    app,
  }) => {
    const { screen, context } = await sqlScreen(app, 'select sum(n) as total from cars')
    const other = await screen.again(app, context)
    await screen.edit(1)
    await drag(screen.editor(1), [{ name: 'Cars.csv', text: CARS }], ['dragenter', 'dragover'])
    await screen.page.getByText('Drop it: it becomes a table').waitFor()
    await drag(screen.editor(1), [{ name: 'Cars.csv', text: CARS }], ['drop'])
    await screen.page.getByText('Drop it: it becomes a table').waitFor({ state: 'detached' })
    await says(screen, 'It is the table “cars” now, 2 rows.')
    for (const each of [screen, other]) {
      await each.output(1).getByRole('cell', { name: '3' }).waitFor()
      await showTables(each)
      await table(each, 'cars').click()
      const columns = each.page.getByRole('list', { name: 'Columns of cars' })
      await columns.waitFor()
      expect(await columns.getByRole('button').allTextContents()).toEqual(['nameVARCHAR', 'nINTEGER'])
    }
    expect(await screen.source(1)).toBe('select sum(n) as total from cars')
    expect(await barriers(screen.page)).toEqual([])
    await tray(screen).getByRole('button', { name: 'Dismiss Cars.csv' }).click()
    await tray(screen).waitFor({ state: 'detached' })
  })

  test('several by the button; one of a name that is taken asks, and takes the other’s place or another name', async ({
    app,
  }) => {
    app.allow(/status of 409/)
    const { screen, api, id } = await sqlScreen(app, 'select sum(n) as total from cars')
    await showTables(screen)
    const choose = async (...files: Given[]) => {
      const chooser = screen.page.waitForEvent('filechooser')
      await screen.page.getByRole('button', { name: 'Upload a file…' }).click()
      await (await chooser).setFiles(files.map(({ name, text }) => ({ name, mimeType: '', buffer: Buffer.from(text) })))
    }
    await choose({ name: 'cars.csv', text: CARS }, { name: 'more.ndjson', text: '{"a":1}\n' })
    await says(screen, 'It is the table “more” now, 1 row.')
    await screen.output(1).getByRole('cell', { name: '3' }).waitFor()
    await choose({ name: 'cars.csv', text: 'name,n\nBus,40\n' })
    await says(screen, 'There is a table “cars” already.')
    expect(await barriers(screen.page)).toEqual([])
    await tray(screen).getByRole('button', { name: 'Replace it' }).click()
    await screen.output(1).getByRole('cell', { name: '40' }).waitFor()
    await choose({ name: 'cars.csv', text: CARS })
    await tray(screen).getByRole('button', { name: 'Keep both' }).click()
    await says(screen, 'It is the table “cars_2” now, 2 rows.')
    const { files } = await api.listFiles.query({ notebookId: id })
    expect(files.map((file) => [file.table, file.rows])).toEqual([
      ['more', 1],
      ['cars', 1],
      ['cars_2', 2],
    ])
  })

  test('an Excel workbook, chosen by the button, is a table with its columns', async ({ app }) => {
    const { screen } = await sqlScreen(app, 'select sum(n) as total from sales')
    await showTables(screen)
    const chooser = screen.page.waitForEvent('filechooser')
    await screen.page.getByRole('button', { name: 'Upload a file…' }).click()
    const rows = [
      ['Name', 'n'],
      ['Ann', 20],
      ['Bob', 22],
    ]
    await (await chooser).setFiles({ name: 'Sales.xlsx', mimeType: '', buffer: Buffer.from(workbook(rows)) })
    await says(screen, 'It is the table “sales” now, 2 rows.')
    await screen.output(1).getByRole('cell', { name: '42' }).waitFor()
    await table(screen, 'sales').click()
    const columns = screen.page.getByRole('list', { name: 'Columns of sales' })
    await columns.waitFor()
    expect(await columns.getByRole('button').allTextContents()).toEqual(['NameVARCHAR', 'nINTEGER'])
  })

  test('of a workbook with several sheets it is said that one was read', async ({ app }) => {
    const { screen } = await sqlScreen(app, 'select sum(n) as total from sales')
    await showTables(screen)
    const chooser = screen.page.waitForEvent('filechooser')
    await screen.page.getByRole('button', { name: 'Upload a file…' }).click()
    const buffer = Buffer.from(workbook([['n'], [1]], secondSheet([['n'], [2]])))
    await (await chooser).setFiles({ name: 'sales.xlsx', mimeType: '', buffer })
    await says(
      screen,
      'It is the table “sales” now, 1 row. It is the first of 2 sheets: save each of the others as a file of its own.',
    )
  })

  test('what cannot be read is said, with the line; it can be dismissed, and nothing has changed', async ({ app }) => {
    app.allow(/status of 422/)
    const { screen, api, id } = await sqlScreen(app, 'select 1')
    await drop(
      screen,
      { name: 'sheet.ods', text: 'PK' },
      { name: 'half.xlsx', text: 'PK' },
      { name: 'bad.csv', text: 'a,b\n1,2\n3\n' },
    )
    await says(screen, /it is a spreadsheet of another kind. Save it as .xlsx or CSV/)
    await says(screen, /it is no Excel workbook, or is damaged/)
    await says(screen, /line 3 has 1 field, and the first line has 2 fields/)
    await tray(screen).getByRole('button', { name: 'Dismiss sheet.ods' }).click()
    await tray(screen).getByRole('button', { name: 'Dismiss half.xlsx' }).click()
    await tray(screen).getByRole('button', { name: 'Dismiss bad.csv' }).click()
    await tray(screen).waitFor({ state: 'detached' })
    expect((await api.listFiles.query({ notebookId: id })).files).toEqual([])
  })

  test('a file that goes is asked about first; its readers say what they miss', async ({ app }) => {
    const { screen } = await sqlScreen(app, 'select sum(n) as total from cars')
    await drop(screen, { name: 'cars.csv', text: CARS })
    await screen.output(1).getByRole('cell', { name: '3' }).waitFor()
    await showTables(screen)
    const remove = screen.page.getByRole('button', { name: 'Remove the file cars' })
    await remove.click()
    await screen.page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click()
    await remove.click()
    expect(await barriers(screen.page)).toEqual([])
    await screen.page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click()
    await screen
      .cell(1)
      .getByText(/cars does not exist/)
      .waitFor()
    await table(screen, 'cars').waitFor({ state: 'detached' })
  })

  test('a long way: how much has left is shown, and it can be given up', async ({ app }) => {
    const { screen, api, id } = await sqlScreen(app, 'select 1')
    const line = await screen.page.context().newCDPSession(screen.page)
    await line.send('Network.enable')
    await line.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 400_000,
    })
    await drop(
      screen,
      { name: 'long.csv', text: `text\n${'0123456789abcdef\n'.repeat(500_000)}` },
      { name: 'next.csv', text: CARS },
    )
    await says(screen, /Sending, [1-9]\d? %/)
    expect(await tray(screen).getByRole('progressbar', { name: 'Upload of long.csv' }).count()).toBe(1)
    await says(screen, 'Waiting for its turn')
    await tray(screen).getByRole('button', { name: 'Cancel long.csv' }).click()
    await says(screen, 'It is the table “next” now, 2 rows.')
    const { files } = await api.listFiles.query({ notebookId: id })
    expect(files.map((file) => file.table)).toEqual(['next'])
  })

  test('one that is too large is refused before it is sent', async ({ browser }) => {
    const app = await App.start(browser, { FILE_MAX_MB: '0.1' })
    const { screen } = await sqlScreen(app, 'select 1')
    await drop(screen, { name: 'large.csv', text: 'x'.repeat(200_000) })
    await says(screen, 'This file has 0.2 MB; at most 0.1 MB are accepted.')
    expect(await app.close()).toEqual([])
  })
})
