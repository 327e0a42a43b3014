import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

async function fillIn(page: Page, fields: Record<string, string>, button: string): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
  await page.getByRole('button', { name: button }).click()
}

/** The server ends a socket that signs out; it may be coming back just as the page hears of it. */
const LEAVING = [/WebSocket is closed before the connection is established/]

const ADA = { 'E-mail': 'ada@example.org', Password: 'difference-engine' }

/** Scripts of the app that this page has asked for from now on; the frames of outputs have their own. */
function scriptsOf(page: Page): string[] {
  const scripts: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (request.resourceType() === 'script' || pathname.endsWith('.js')) scripts.push(pathname)
  })
  return scripts
}

describeInBrowser('the page before anybody is signed in', () => {
  test('loads nothing of the app until somebody turns to it, and all of it then', async ({ app }) => {
    const page = await app.tab()
    const scripts = scriptsOf(page)
    const isApp = (path: string) => path.includes('/App-')
    await page.goto('/demo', { waitUntil: 'networkidle' })
    await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter(isApp)).toEqual([])
    await page.getByRole('button', { name: 'Continue as guest' }).hover()
    await expect.poll(() => scripts.filter(isApp).length).toBe(1)
    await expect.poll(() => scripts.some((path) => path.includes('/NotebookRoute-'))).toBe(true)
  })

  test('by keyboard: the focus follows the choice, and a failure is told beside the button', async ({ app }) => {
    app.allow(/Failed to load resource/, /sign-in/)
    const page = await app.tab()
    await page.goto('/')
    await page.getByRole('button', { name: 'Create an account' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByLabel('Name').evaluate((input) => input === document.activeElement)).toBe(true)
    await page.getByRole('button', { name: 'Continue as guest' }).focus()
    await page.keyboard.press('Enter')
    const button = page.getByRole('button', { name: 'Continue as guest' })
    await expect.poll(() => button.evaluate((each) => each === document.activeElement)).toBe(true)
    await page.route('**/api/auth/**', (route) => route.abort())
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('alert').textContent()).toBe('The server cannot be reached.')
    await page.unrouteAll()
    await button.click()
    await page.getByRole('heading', { name: 'Notebooks', exact: true }).waitFor()
  })

  test('a part of the app that does not arrive is said, and asked for again', async ({ app }) => {
    app.allow(/Failed to load resource/, /App-.*\.js/)
    const page = await app.tab()
    await page.route('**/assets/App-*.js', (route) => route.abort())
    await page.goto('/')
    await page.getByRole('button', { name: 'Continue as guest' }).click()
    await page.getByText('A part of the page could not be loaded.').waitFor()
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Notebooks', exact: true }).waitFor()
  })
})

describeInBrowser('accounts', () => {
  test('a guest makes an account and keeps the notebooks, in this browser and in another', async ({ app }) => {
    const screen = await Screen.demo(app)
    await screen.edit(1)
    await screen.write('const warmFrom = 25')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(2, 'Right now 3 of 36')
    const address = screen.page.url()
    await screen.choose('Account of Guest', 'Save your work with an account')
    await fillIn(screen.page, { Name: 'Ada', ...ADA }, 'Save my work')
    await screen.page.getByRole('button', { name: 'Account of Ada' }).waitFor()
    expect(screen.page.url()).toBe(address)
    await screen.shows(2, 'Right now 3 of 36')

    const elsewhere = await app.tab()
    await elsewhere.goto('/demo')
    await elsewhere.getByRole('button', { name: 'Sign in with e-mail' }).click()
    await fillIn(elsewhere, ADA, 'Sign in')
    const there = new Screen(elsewhere)
    await there.opened()
    expect(elsewhere.url()).toBe(address)
    await there.isDemo('const warmFrom = 25')
  })

  test('a wrong password, a taken address and a short password each get a sentence', async ({ app }) => {
    app.allow(/status of (401|422|400)/, ...LEAVING)
    const page = await app.tab()
    await page.goto('/')
    await page.getByRole('button', { name: 'Create an account' }).click()
    await fillIn(page, { Name: 'Ada', ...ADA }, 'Create account')
    await page.getByRole('heading', { name: 'Notebooks', exact: true }).waitFor()
    await new Screen(page).choose('Account of Ada', 'Sign out')
    await page.getByRole('button', { name: 'Sign in with e-mail' }).click()
    await fillIn(page, { ...ADA, Password: 'analytical-engine' }, 'Sign in')
    await expect.poll(() => page.getByRole('alert').textContent()).toBe('E-mail or password is wrong.')
    await page.getByRole('button', { name: 'Create an account' }).click()
    await fillIn(page, { Name: 'Eve', ...ADA }, 'Create account')
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/already .*(account|exists)/i)
    await page.getByLabel('Password').fill('short')
    await page.getByRole('button', { name: 'Create account' }).click()
    expect(await page.getByLabel('Password').evaluate((input: HTMLInputElement) => input.validity.tooShort)).toBe(true)
  })

  test('signing out in one tab is noticed in the other, and the next person sees nothing of it', async ({ app }) => {
    app.allow(...LEAVING)
    const screen = await Screen.demo(app)
    const other = await screen.again(app, screen.page.context())
    const address = screen.page.url()
    await screen.choose('Account of Guest', 'Sign out')
    for (const tab of [screen.page, other.page]) await tab.getByRole('button', { name: 'Continue as guest' }).waitFor()
    await other.page.getByRole('button', { name: 'Continue as guest' }).click()
    await other.page.getByRole('heading', { name: 'Notebook not found' }).waitFor()
    expect(other.page.url()).toBe(address)
  })

  test('a session that ended elsewhere asks to sign in and keeps unsent text', async ({ app }) => {
    app.allow(/status of 401/, /WebSocket connection to/)
    const page = await app.tab()
    await page.goto('/n/blank')
    await page.getByRole('button', { name: 'Create an account' }).click()
    await fillIn(page, { Name: 'Ada', ...ADA }, 'Create account')
    await page.getByRole('button', { name: 'TypeScript' }).click()
    const screen = new Screen(page)
    await screen.editing(1)
    await page.keyboard.type('const a = 1')
    await screen.saved()
    await page.context().clearCookies()
    await page.route('**/trpc/editCell*', (route) => route.fulfill({ status: 401, json: UNAUTHORIZED }))
    await page.keyboard.type(' // unsent')
    await page.evaluate(() => fetch('/api/auth/token').then((answer) => answer.status))
    await page.reload()
    await page.getByText('Your session has ended').waitFor()
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Sign in with e-mail' }).click()
    await fillIn(page, ADA, 'Sign in')
    await screen.opened()
    await screen.order('const a = 1 // unsent')
    await screen.saved()
  })
})

const UNAUTHORIZED = {
  error: {
    message: 'expired',
    code: -32001,
    data: { code: 'UNAUTHORIZED', httpStatus: 401, problem: { kind: 'unauthorized', reason: 'expired' } },
  },
}
