import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { App } from '../support/browser.ts'

/** A notebook page as a person sees it. Cells are counted from 1, as on the page. */
export class Screen {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** A new guest's demo notebook, in a profile of its own. */
  static async demo(app: App, context?: BrowserContext): Promise<Screen> {
    const page = await app.tab(context)
    await page.goto('/demo')
    await page.getByRole('button', { name: 'Continue as guest' }).click()
    const screen = new Screen(page)
    await screen.opened()
    return screen
  }

  /** A new guest's notebook with these cells, none of them run; Markdown where one begins with `#`. */
  static async of(app: App, sources: readonly string[], options: BrowserContextOptions = {}): Promise<Screen> {
    return (await Screen.withApi(app, sources, options)).screen
  }

  /** The same, and that guest's API. */
  static async withApi(app: App, sources: readonly string[], options: BrowserContextOptions = {}) {
    const { context, api } = await app.guest(options)
    const { id } = await api.createNotebook.mutate({ title: 'Test' })
    const edits = sources.map((source) => {
      const language = source.startsWith('#') ? ('markdown' as const) : ('typescript' as const)
      return { insert: { language, source } }
    })
    await api.applyEdits.mutate({ notebookId: id, edits })
    const screen = new Screen(await app.tab(context))
    await screen.page.goto(`/n/${id}`)
    await screen.opened()
    return { screen, api }
  }

  /** The same notebook in another tab or profile. */
  async again(app: App, context: BrowserContext): Promise<Screen> {
    const page = await app.tab(context)
    await page.goto(this.page.url())
    const screen = new Screen(page)
    await screen.opened()
    return screen
  }

  async opened(): Promise<void> {
    await this.page.waitForURL(/\/n\/[0-9a-f-]{36}$/)
    await this.cell(1).waitFor()
    await this.page.getByRole('textbox', { name: 'Notebook title' }).waitFor()
  }

  cells(): Locator {
    return this.page.getByRole('article')
  }

  cell(place: number): Locator {
    return this.page.locator(`article[aria-posinset="${place}"]`)
  }

  editor(place: number): Locator {
    return this.cell(place).locator('.cm-content')
  }

  output(place: number): Locator {
    return this.cell(place).getByRole('group', { name: `Output of cell ${place}` })
  }

  /** What stands in each editor, or in the plain text that stands for it; of a rendered Markdown cell, what it shows. */
  async sources(): Promise<string[]> {
    // All at one moment: cells may be on their way in or out.
    return this.cells().evaluateAll((cells) =>
      cells.map((cell) => {
        const hint = cell.querySelector('.cm-placeholder')
        const lines = [...cell.querySelectorAll('.cm-line')].map((line) => (hint && line.contains(hint) ? '' : line.textContent))
        return lines.length ? lines.join('\n') : (cell.querySelector('.cell-plain, .prose')?.textContent ?? '')
      }),
    )
  }

  async source(place: number): Promise<string | undefined> {
    return (await this.sources())[place - 1]
  }

  /** Puts the cursor into a cell's editor as a person does: a click. */
  async edit(place: number): Promise<void> {
    const cell = this.cell(place)
    await cell.scrollIntoViewIfNeeded()
    if (await cell.locator('.cell-code').count()) await cell.locator('.cell-code').click()
    else await cell.dblclick()
    await this.editing(place)
  }

  /** Waits until the cursor is in this cell's editor, and what closes brackets and completes names has arrived there. */
  async editing(place: number): Promise<void> {
    await this.page.locator(`article[aria-posinset="${place}"] .cm-content[data-assisted]:focus`).waitFor()
  }

  /** Waits until the cell itself has the focus. */
  async onCell(place: number): Promise<void> {
    await this.page.locator(`article[aria-posinset="${place}"]:focus`).waitFor()
  }

  /** Replaces everything in the editor that has the cursor. */
  async write(source: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+A')
    await this.page.keyboard.insertText(source)
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve())
  }

  status(place: number): Promise<string | null> {
    return this.cell(place).locator('[data-status]').getAttribute('data-status')
  }

  async reaches(place: number, status: string): Promise<void> {
    await this.cell(place).locator(`[data-status="${status}"]`).waitFor()
  }

  async shows(place: number, text: string | RegExp): Promise<void> {
    await this.output(place).filter({ hasText: text }).waitFor()
  }

  /** Everything typed is on the server. */
  async saved(): Promise<void> {
    await this.page.locator('[data-saved="true"]').waitFor()
  }

  /** The line to the server is up. */
  async live(): Promise<void> {
    await this.page.locator('[data-connection="live"]').waitFor()
  }

  /** What stands in the frame of the cell's first drawing. */
  async drawing(place: number): Promise<string> {
    const frame = this.output(place).locator('iframe').first().contentFrame()
    return frame.locator('#root').innerHTML()
  }

  /** Waits until the page's order is this, told by a piece of each source. */
  async order(...pieces: string[]): Promise<void> {
    await expect
      .poll(async () => {
        const sources = await this.sources()
        return sources.length === pieces.length && pieces.every((piece, index) => sources[index]?.includes(piece))
          ? 'as wanted'
          : sources
      })
      .toBe('as wanted')
  }

  /** The cells of the demo notebook, whose first one has been written anew. */
  async isDemo(first: string): Promise<void> {
    await this.order(first, ...['keeps up', 'months', 'const warm ', 'Plot', 'SQL asks', 'input.select', 'penguins', 'Try this'])
  }

  menu(name: string): Locator {
    return this.page.getByRole('menu').getByRole('menuitem', { name }).or(this.page.getByRole('menuitemradio', { name }))
  }

  async choose(button: string, entry: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click()
    await this.menu(entry).click()
  }
}
