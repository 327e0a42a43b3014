import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Client } from './connection.ts'
import { TestServer } from './testServer.ts'

export const HOW_TO_GET_CHROMIUM =
  'The browser tests need Chromium: install it (Debian: apt-get install chromium) or name one in CHROMIUM_PATH.'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

export function findChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...PLACES].find((path) => path && existsSync(path))
}

/**
 * Chromium prepares three pages of its own for the address bar of every window, also when nobody sees one: on a small machine that is
 * more work than the page under test. A list replaces Playwright's, so those of it that change what a page does are here, too.
 */
const NOT_WANTED = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${NOT_WANTED.join(',')}`,
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
]

const STEADY: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  reducedMotion: 'reduce',
  colorScheme: 'light',
  locale: 'en-GB',
  timezoneId: 'UTC',
}

export function launch(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: [...QUIET, ...more] })
}

/** What a browser says when its page is closed or left in the middle of a request: nothing went wrong. */
const LEFT = 'net::ERR_ABORTED'

/** The built app on a server of its own, and everything its pages complained about. */
export class App {
  readonly browser: Browser
  private server: TestServer
  private readonly dataDir: string
  private readonly contexts: BrowserContext[] = []
  private readonly complaints: string[] = []
  private readonly allowed: RegExp[] = []

  private constructor(browser: Browser, server: TestServer, dataDir: string) {
    this.browser = browser
    this.server = server
    this.dataDir = dataDir
  }

  static async start(browser: Browser, env: Record<string, string> = {}): Promise<App> {
    const dataDir = mkdtempSync(join(tmpdir(), 'rivulet-e2e-'))
    return new App(browser, await serve(dataDir, env), dataDir)
  }

  get url(): string {
    return this.server.url
  }

  /** A browser profile of its own; `state` gives it another one's cookies and storage. */
  async profile(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({ ...STEADY, baseURL: this.url, ...options })
    this.contexts.push(context)
    context.on('page', (page) => this.listen(page))
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`CSP ${event.violatedDirective}: ${event.blockedURI}`),
      )
    })
    return context
  }

  /** A profile in which a new guest is signed in already, and that guest's API. */
  async guest(options: BrowserContextOptions = {}): Promise<{ context: BrowserContext; api: Client }> {
    const { cookie, token } = await this.server.guest()
    const context = await this.profile({
      ...options,
      storageState: {
        cookies: [],
        origins: [{ origin: this.url, localStorage: [{ name: 'rivulet:signed-in', value: '1' }] }],
      },
    })
    const cookies = cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=')
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: this.url }
    })
    await context.addCookies(cookies)
    return { context, api: this.server.http(token) }
  }

  /** A tab of a profile, a fresh one if none is given. */
  async tab(context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await this.profile())).newPage()
    page.setDefaultTimeout(30_000)
    return page
  }

  /** From now on these complaints are expected. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns)
  }

  async stopServer(): Promise<void> {
    await this.server.close()
  }

  /** On the same port and the same data. */
  async startServer(): Promise<void> {
    this.server = await serve(this.dataDir, { PORT: new URL(this.url).port })
  }

  /** Ends everything, then answers what its pages complained about. */
  async close(): Promise<string[]> {
    for (const context of this.contexts) await context.close()
    await this.server.close()
    rmSync(this.dataDir, { recursive: true, force: true })
    return this.complaints.filter((complaint) => !this.allowed.some((pattern) => pattern.test(complaint)))
  }

  private listen(page: Page): void {
    page.on('console', (message) => this.complaints.push(`console.${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`))
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText
      if (why !== LEFT) this.complaints.push(`failed: ${request.method()} ${request.url()} ${why}`)
    })
  }
}

function serve(dataDir: string, env: Record<string, string>): Promise<TestServer> {
  return TestServer.start({ NODE_ENV: 'production', ...env }, { dataDir })
}
