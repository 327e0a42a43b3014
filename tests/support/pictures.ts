import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pixelmatch from 'pixelmatch'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { PNG } from 'pngjs'

const STORED = fileURLToPath(new URL('../e2e/pictures/', import.meta.url))
const FAILED = fileURLToPath(new URL('../../test-results/pictures/', import.meta.url))

/** How much of a picture may differ: machines draw the edges of letters differently. */
export const TOLERANCE = 0.02
/** Per pixel, 0 to 1: below it two colours count as the same. */
const COLOUR_DISTANCE = 0.2

const RENEW = 'PICTURES=renew npx -y pnpm@10 test:e2e tests/e2e/pictures.test.ts'

/** What is another one every time: durations, ages, revisions, memory. Its room stays. */
const CHANGING = '[data-status="ok"] .tabular-nums, [data-status="failed"] .tabular-nums, footer > *, .notebook-row p'

/**
 * Fonts that every machine with the tests' Chromium has, and nothing that changes by itself. A constructed style sheet, since
 * the page's policy allows no inline one.
 */
export async function holdStill(context: BrowserContext): Promise<void> {
  await context.addInitScript((changing) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`
      :root { --font-ui: "DejaVu Sans", sans-serif !important; --font-code: "DejaVu Sans Mono", monospace !important }
      .cm-cursorLayer, .cm-cursor { visibility: hidden !important }
      ${changing} { visibility: hidden !important }
    `)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  }, CHANGING)
}

/** Two shots in a row that are the same: whatever was still being drawn has been. */
export async function settled(what: Page | Locator): Promise<Buffer> {
  const shoot = () => what.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' })
  let last = await shoot()
  for (;;) {
    const next = await shoot()
    if (next.equals(last)) return next
    last = next
  }
}

/** What part of two pictures of one size differs, 0 to 1, and where. */
export function difference(one: PNG, other: PNG): { share: number; where: PNG } {
  const { width, height } = one
  const where = new PNG({ width, height })
  const options = { threshold: COLOUR_DISTANCE, alpha: 0.25 }
  const pixels = pixelmatch(one.data, other.data, where.data, width, height, options)
  return { share: pixels / (width * height), where }
}

/** Nothing when the picture is like the stored one, else a sentence that says where to look. */
export async function unlikeStored(name: string, what: Page | Locator): Promise<string | undefined> {
  const shot = await settled(what)
  const path = `${STORED}${name}.png`
  if (process.env.PICTURES === 'renew') {
    mkdirSync(STORED, { recursive: true })
    writeFileSync(path, shot)
    return undefined
  }
  const failure = `${FAILED}${name}.png`
  rmSync(failure, { force: true })
  if (!existsSync(path)) return `There is no picture ${path}. To make it: ${RENEW}`
  const [stored, seen] = [PNG.sync.read(readFileSync(path)), PNG.sync.read(shot)]
  const size = ({ width, height }: PNG) => `${width} × ${height}`
  if (size(stored) !== size(seen)) {
    keep(failure, [stored, seen])
    return `${name} was ${size(stored)} and is ${size(seen)}: look at ${failure} (stored, seen). To accept it: ${RENEW}`
  }
  const { share, where } = difference(stored, seen)
  if (share <= TOLERANCE) return undefined
  keep(failure, [stored, seen, where])
  const percent = (part: number) => `${(part * 100).toFixed(1)} %`
  return `${percent(share)} of ${name} differ (${percent(TOLERANCE)} may): look at ${failure} (stored, seen, difference). To accept it: ${RENEW}`
}

/** Side by side in one file, so that one look tells. */
function keep(path: string, pictures: readonly PNG[]): void {
  const width = pictures.reduce((sum, picture) => sum + picture.width, 0)
  const strip = new PNG({ width, height: Math.max(...pictures.map(({ height }) => height)) })
  let left = 0
  for (const picture of pictures) {
    PNG.bitblt(picture, strip, 0, 0, picture.width, picture.height, left, 0)
    left += picture.width
  }
  mkdirSync(FAILED, { recursive: true })
  writeFileSync(path, PNG.sync.write(strip))
}
