import type { Browser } from 'playwright-core'
import { describe, expect, test as vitestTest } from 'vitest'
import { App, findChromium, launch } from '../support/browser.ts'

/** Without Chromium the tests are skipped; on CI the set-up has failed by then. */
export const describeInBrowser = describe.skipIf(!findChromium())

/** Vitest's `test` with an `app` on a server of its own. It fails when a page wrote to the console, threw or missed a request. */
export const test = vitestTest.extend<{ browser: Browser; app: App }>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs
    async ({}, use) => {
      const browser = await launch()
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  app: async ({ browser }, use) => {
    const app = await App.start(browser)
    await use(app)
    expect((await app.close()).join('\n'), 'what the pages complained about').toBe('')
  },
})
