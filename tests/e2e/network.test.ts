import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { App, launch } from '../support/browser.ts'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

/** What a cell would read if it could. */
async function site(): Promise<{ server: Server; host: string }> {
  const server = createServer((_request, response) => response.end('hello from the site'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** An app whose operator lets owners grant any host. */
async function permissive(browser: Browser, work: (app: App) => Promise<void>): Promise<void> {
  const app = await App.start(browser, { CELL_NETWORK: 'any' })
  await work(app)
  expect((await app.close()).join('\n')).toBe('')
}

const dialog = (screen: Screen) => screen.page.getByRole('dialog', { name: 'Kernel and network' })
const hosts = (screen: Screen) => dialog(screen).getByRole('list', { name: 'Hosts that cells may reach' }).getByRole('listitem')

async function open(screen: Screen): Promise<void> {
  await screen.page.getByRole('button', { name: /^kernel/ }).click()
  await dialog(screen).getByText('Let cells reach a host').waitFor()
}

async function allow(screen: Screen, host: string): Promise<void> {
  await dialog(screen).getByLabel('Let cells reach a host').fill(host)
  await dialog(screen).getByRole('button', { name: 'Allow' }).click()
}

describeInBrowser('what the cells may reach', () => {
  test('the owner grants a host, the cell reaches it, in another tab it is seen; taken back, it is refused again', async ({
    browser,
  }) => {
    const { server, host } = await site()
    await permissive(browser, async (app) => {
      const screen = await Screen.of(app, [`const text = await (await fetch('http://${host}/')).text()\ntext`])
      await screen.cell(1).getByRole('button', { name: /^Run/ }).click()
      await screen.reaches(1, 'failed')
      await open(screen)
      await dialog(screen).getByText('Cells reach no host.').waitFor()
      await dialog(screen).getByText('A change restarts the kernel').waitFor()
      expect(await barriers(screen.page)).toEqual([])
      await allow(screen, host)
      await hosts(screen).filter({ hasText: host }).waitFor()
      expect(await dialog(screen).getByLabel('Let cells reach a host').inputValue()).toBe('')
      expect(await barriers(screen.page)).toEqual([])
      await screen.press('Escape')
      await screen.cell(1).getByRole('button', { name: /^Run/ }).click()
      await screen.shows(1, 'hello from the site')
      const other = await screen.again(app, screen.page.context())
      await other.page.getByRole('button', { name: `reaches ${host}` }).waitFor()
      await open(screen)
      await dialog(screen)
        .getByRole('button', { name: `Remove ${host}` })
        .click()
      await dialog(screen).getByText('Cells reach no host.').waitFor()
      await other.page.getByRole('button', { name: `reaches ${host}` }).waitFor({ state: 'detached' })
      await screen.press('Escape')
      await screen.cell(1).getByRole('button', { name: /^Run/ }).click()
      await screen.reaches(1, 'failed')
    })
    server.close()
  })

  test('what is refused says why, and stays in the field to be mended', async ({ app }) => {
    const screen = await Screen.of(app, ['1'])
    await open(screen)
    app.allow(/status of 400/)
    const field = dialog(screen).getByLabel('Let cells reach a host')
    for (const [entered, why] of [
      ['https://example.org/data', 'expected a host such as api.example.org'],
      ['localhost', 'public names only'],
      ['10.0.0.1', 'public names only'],
    ] as const) {
      await allow(screen, entered)
      await dialog(screen).getByRole('alert').filter({ hasText: why }).waitFor()
      expect(await field.inputValue()).toBe(entered)
      expect(await hosts(screen).count()).toBe(0)
    }
    expect(await barriers(screen.page)).toEqual([])
    await allow(screen, 'api.example.org')
    await hosts(screen).filter({ hasText: 'api.example.org' }).waitFor()
    expect(await dialog(screen).getByRole('alert').count()).toBe(0)
  })

  test('status and memory are told, and the kernel is restarted from there', async ({ app }) => {
    const screen = await Screen.of(app, ['const big = new Array(1e6).fill(7)\nbig.length'])
    await open(screen)
    await dialog(screen).getByText('not started').waitFor()
    await screen.press('Escape')
    await screen.cell(1).getByRole('button', { name: /^Run/ }).click()
    await screen.shows(1, '1000000')
    await open(screen)
    await dialog(screen).getByText('ready', { exact: true }).waitFor()
    await dialog(screen)
      .getByText(/^\d+ MB$/)
      .waitFor()
    await dialog(screen).getByRole('button', { name: 'Restart the kernel' }).click()
    await dialog(screen).getByText('not started').waitFor()
  })

  test.each([
    { env: { SQL_SANDBOX: 'off' }, said: /runs without bubblewrap/ },
    { env: { SQL_SANDBOX: 'auto' }, said: /bubblewrap: its process sees no network|runs without bubblewrap/ },
  ])('what keeps the SQL engine in is said, with its memory: $env', async ({ env, said }) => {
    const browser = await launch()
    const app = await App.start(browser, env)
    const { context, api } = await app.guest()
    const { id } = await api.createNotebook.mutate({ title: 'Queries' })
    await api.applyEdits.mutate({ notebookId: id, edits: [{ insert: { language: 'sql', source: 'select 1 as n' } }] })
    const screen = new Screen(await app.tab(context))
    await screen.page.goto(`/n/${id}`)
    await screen.opened()
    await open(screen)
    const engine = dialog(screen).getByRole('region', { name: 'SQL engine' })
    await engine.getByText('not started: it starts with the first query').waitFor()
    await screen.press('Escape')
    await screen.cell(1).getByRole('button', { name: /^Run/ }).click()
    await screen.reaches(1, 'ok')
    await open(screen)
    await engine.getByText(said).waitFor()
    await engine.getByText(/^\d+ MB$/).waitFor()
    expect(await barriers(screen.page)).toEqual([])
    expect((await app.close()).join('\n')).toBe('')
    await browser.close()
  })
})
