import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Frame, Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds that keeps somebody out, as `rule: element`. */
export async function barriers(page: Page | Frame): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(async (): Promise<axe.AxeResults> => {
    const { run } = Reflect.get(window, 'axe') as typeof axe
    return run(document, { iframes: false, resultTypes: ['violations'] })
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`))
}
