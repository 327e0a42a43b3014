import { fileURLToPath } from 'node:url'
import { launch } from '@rivulet/tests/support/browser.ts'
import { build } from 'esbuild'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { BenchServer } from './server.ts'

const EDITORS = { bare: './bareEditor.ts', usual: './usualEditor.ts' }
const SIZE = { width: 1280, height: 800 }

/** A Chromium with profiles that nobody has used yet, so that nothing comes from a cache. */
export class BenchBrowser {
  private readonly browser: Browser
  private readonly server: BenchServer

  private constructor(browser: Browser, server: BenchServer) {
    this.browser = browser
    this.server = server
  }

  static async start(server: BenchServer): Promise<BenchBrowser> {
    return new BenchBrowser(await launch(), server)
  }

  /** One that draws a frame as soon as there is something to draw: what is measured contains no waiting for the screen. */
  static async withoutScreen(server: BenchServer): Promise<BenchBrowser> {
    return new BenchBrowser(await launch(['--disable-frame-rate-limit', '--disable-gpu-vsync']), server)
  }

  get url(): string {
    return this.server.url
  }

  stop(): Promise<void> {
    return this.browser.close()
  }

  /** A stranger's page. */
  async stranger(): Promise<Page> {
    return (await this.context()).newPage()
  }

  /** A page of a new guest, and the id of that guest's notebook with these cells, none of them run. */
  async notebook(sources: readonly string[]): Promise<{ page: Page; url: string }> {
    const { cookie, token } = await this.server.guest()
    const api = this.server.http(token)
    const { id } = await api.createNotebook.mutate({ title: 'Bench' })
    const edits = sources.map((source) => ({ insert: { language: 'typescript' as const, source } }))
    await api.applyEdits.mutate({ notebookId: id, edits })
    return { page: await this.signedIn(cookie), url: `${this.server.url}/n/${id}` }
  }

  /** The same, with the demo notebook, whose outputs are there. */
  async demo(): Promise<{ page: Page; url: string }> {
    const { cookie, token } = await this.server.guest()
    const { id } = await this.server.http(token).getNotebook.query({ id: 'demo' })
    return { page: await this.signedIn(cookie), url: `${this.server.url}/n/${id}` }
  }

  /** The floor for loading: a document with nothing in it, from a server as near. */
  async emptyPage(): Promise<{ page: Page; url: string }> {
    const page = await this.stranger()
    const body = '<!doctype html><title>Empty</title><p>Empty</p>'
    await page.route('**/empty', (route) => route.fulfill({ contentType: 'text/html', body }))
    return { page, url: `${this.server.url}/empty` }
  }

  /** The floors for typing: an editor alone on its page. */
  async editor(kind: keyof typeof EDITORS): Promise<Page> {
    const page = await this.stranger()
    const entry = fileURLToPath(new URL(EDITORS[kind], import.meta.url))
    const { outputFiles } = await build({ entryPoints: [entry], bundle: true, minify: true, write: false, format: 'iife' })
    await page.setContent('<!doctype html><body></body>')
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' })
    return page
  }

  /** The floor for scrolling: as many boxes of text with nothing behind them. */
  async boxes(count: number): Promise<Page> {
    const page = await this.stranger()
    const box = '<pre style="height:150px;margin:16px;border:1px solid">const value = 1\nvalue</pre>'
    await page.setContent(`<!doctype html><body>${box.repeat(count)}</body>`)
    return page
  }

  private async context(): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      viewport: SIZE,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
    })
    // What runs this file gives functions their names back with a helper, which what is sent into a page needs there.
    await context.addInitScript('globalThis.__name = (value) => value')
    return context
  }

  private async signedIn(cookie: string): Promise<Page> {
    const context = await this.context()
    const { url } = this.server
    await context.addCookies(
      cookie.split('; ').map((pair) => {
        const at = pair.indexOf('=')
        return { name: pair.slice(0, at), value: pair.slice(at + 1), url }
      }),
    )
    // What the page remembers of a visit before: that somebody is signed in.
    await context.addInitScript(() => localStorage.setItem('rivulet:signed-in', '1'))
    return context.newPage()
  }
}
