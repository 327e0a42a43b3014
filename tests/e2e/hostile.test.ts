import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

/** A page that tries to get out, and writes down how far it came. */
const ESCAPES = `html\`<pre id="log"></pre><img src="x" onerror="note('handler', () => 'ran')">
<style>html, body { position: fixed; inset: 0; width: 100vw; height: 100vh; z-index: 99999; background: red }</style>
<a id="link" href="javascript:parent.document.title='hacked'">link</a>
<script>
function note(what, attempt) {
  let said
  try { said = attempt() } catch (error) { said = error.name }
  document.getElementById('log').textContent += what + ': ' + said + '\\\\n'
}
note('origin', () => self.origin)
note('parent', () => parent.document.title)
note('frames', () => parent.frames[parent.frames[0] === self ? 1 : 0].document.title)
note('storage', () => localStorage.length)
note('cookie', () => document.cookie)
note('top', () => { top.location.href = 'https://example.org/stolen'; return 'left' })
note('popup', () => String(open('https://example.org/popup')))
note('form', () => { const form = document.createElement('form'); form.action = '/api/auth/sign-out'; form.method = 'post'; document.body.append(form); form.submit(); return 'sent' })
fetch('/api/auth/token').then(() => note('fetch', () => 'answered'), (error) => note('fetch', () => error.name))
parent.postMessage({ height: 1e9 }, '*')
parent.postMessage({ type: 'run', source: 'hacked' }, '*')
</script>\``

const PROSE = [
  '# Prose',
  '<img src=x onerror="document.title=\'hacked\'"><script>document.title="hacked"</script>',
  '[script](javascript:document.title="hacked") [data](data:text/html,<script>parent.document.title="hacked"</script>)',
  '<style>body { display: none }</style> <iframe src="javascript:parent.document.title=1"></iframe>',
].join('\n\n')

const FENCES = [
  '# Fences',
  '```ts\n</code></pre><img src=x onerror="document.title=1"><script>document.title="hacked"</script>\n```',
  '```ts"onmouseover="document.title=1"><img/src=x>\nconst a = 1\n```',
  '```sql\nselect \'</span><iframe src="javascript:parent.document.title=1"></iframe>\'\n```',
  ...['constructor', '__proto__', 'toString', '../../../frame', 'javascript:alert(1)'].map(
    (name) => `\`\`\`${name}\nconst a = "<b>"\n\`\`\``,
  ),
].join('\n\n')

describeInBrowser('outputs that mean harm', () => {
  test('a page in an output runs in its frame and reaches nothing outside', async ({ app }) => {
    app.allow(/Content Security Policy/, /sandboxed/i, /Blocked /, /Unsafe attempt/, /^console.error: CSP/, /^failed: GET .*\/x /)
    const screen = await Screen.of(app, [ESCAPES, 'html`<p id="secret">of another output</p>`'])
    const { page } = screen
    const address = page.url()
    const asked: string[] = []
    page.context().on('request', (request) => asked.push(request.url()))
    await screen.edit(2)
    await screen.press('ControlOrMeta+Enter')
    await screen.output(2).locator('iframe').contentFrame().locator('#secret').waitFor()
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    const frame = screen.output(1).locator('iframe')
    const log = frame.contentFrame().locator('#log')
    await log.filter({ hasText: 'fetch:' }).waitFor()
    const lines = Object.fromEntries(
      ((await log.textContent()) ?? '')
        .trim()
        .split('\n')
        .map((line) => line.split(': ')),
    )
    expect(lines).toMatchObject({ origin: 'null', parent: 'SecurityError', frames: 'SecurityError', storage: 'SecurityError' })
    expect(lines).toMatchObject({ cookie: 'SecurityError', top: 'SecurityError', popup: 'null', fetch: 'TypeError' })
    await frame.contentFrame().locator('#link').click()
    expect(asked.filter((url) => !url.startsWith(app.url) || url.includes('/api/auth/'))).toEqual([])
    expect(page.url()).toBe(address)
    expect(await page.title()).toBe('Test · Rivulet')
    const box = await frame.boundingBox()
    expect(box?.height).toBeLessThanOrEqual(20_000)
    expect(await screen.sources()).toHaveLength(2)
    expect(await page.evaluate(() => document.elementFromPoint(20, 20)?.tagName)).not.toBe('IFRAME')
  })

  test('Markdown keeps no script, handler, style, frame or script link', async ({ app }) => {
    const screen = await Screen.of(app, [PROSE])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    const prose = screen.output(1).locator('.prose')
    await prose.getByText('Prose').waitFor()
    expect(await prose.locator('script, style, iframe, img, [onerror], a[href^="javascript"], a[href^="data"]').count()).toBe(0)
    expect(await screen.page.title()).toBe('Test · Rivulet')
  })

  test('code in Markdown is text, whatever it says and whatever its language is called, also in colours', async ({ app }) => {
    const screen = await Screen.of(app, [FENCES])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    const prose = screen.output(1).locator('.prose')
    await prose.locator('code .code-keyword').getByText('select').waitFor()
    const text = (await prose.textContent()) ?? ''
    expect(text).toContain('</code></pre><img src=x onerror="document.title=1"><script>document.title="hacked"</script>')
    expect(text).toContain('</span><iframe src="javascript:parent.document.title=1"></iframe>')
    expect(await prose.locator(':is(script, style, iframe, img, b, [onerror], [onmouseover], [src], [style])').count()).toBe(0)
    const elements = await prose.locator('pre *').evaluateAll((all) => [...new Set(all.map(({ tagName }) => tagName))])
    expect(elements.toSorted()).toEqual(['CODE', 'SPAN'])
    expect(await screen.page.title()).toBe('Test · Rivulet')
  })

  test('100,000 rows put a page of them into the document', async ({ app }) => {
    const screen = await Screen.of(app, ['Array.from({ length: 100_000 }, (_, n) => ({ n, text: "<b>" + n }))'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.output(1).getByText('100,000 rows').waitFor()
    expect(await screen.output(1).locator('tr').count()).toBeLessThan(30)
    await screen.output(1).getByText('<b>0').waitFor()
  })
})
