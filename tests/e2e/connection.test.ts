import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect } from 'vitest'
import { App } from '../support/browser.ts'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

/** A network that lets plain HTTP through and no WebSocket. */
function withoutWebSockets(target: string): Server {
  const { port } = new URL(target)
  const proxy = createServer((incoming, outgoing) => {
    const onwards = request(
      { host: '127.0.0.1', port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    onwards.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onwards.destroy())
    incoming.pipe(onwards)
  })
  proxy.on('upgrade', (_request, socket) => socket.destroy())
  return proxy
}

/** An issuer whose tokens last seconds. */
async function shortIssuer(seconds: number) {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'short', alg: 'RS256' }] }
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(jwks)),
  )
  const issuer = await listening(server)
  const token = () =>
    new SignJWT({ name: 'Ada', kind: 'member' })
      .setProtectedHeader({ alg: 'RS256', kid: 'short' })
      .setIssuer(issuer)
      .setAudience('rivulet')
      .setSubject('ada')
      .setIssuedAt()
      .setExpirationTime(`${seconds} seconds`)
      .sign(privateKey)
  const trusted = JSON.stringify([{ issuer, jwksUrl: `${issuer}/jwks`, audience: 'rivulet', algorithms: ['RS256'] }])
  return { server, token, trusted }
}

describeInBrowser('the line to the server', () => {
  test('[C4] a network without WebSockets gets the same notebook over server-sent events', async ({ app }) => {
    const proxy = withoutWebSockets(app.url)
    const baseURL = await listening(proxy)
    app.allow(/WebSocket connection to/)
    const context = await app.profile({ baseURL })
    const screen = await Screen.demo(app, context)
    await screen.live()
    await screen.edit(1)
    await screen.write('const warmFrom = 25')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(2, 'Right now 3 of 36')
    const other = await screen.again(app, context)
    await other.edit(1)
    await other.write('const warmFrom = 20')
    await other.press('ControlOrMeta+Enter')
    await screen.shows(2, 'Right now 9 of 36')
    await screen.isDemo('warmFrom = 20')
    await context.close()
    await close(proxy)
  })

  test('[C1] a notebook is asked for once, although that happens before it is shown, and also by its alias', async ({ app }) => {
    const { context } = await app.guest()
    const page = await app.tab(context)
    const asked: string[] = []
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        if (/"method":"subscription".*"path":"notebook"/.test(String(payload))) asked.push(String(payload))
      }),
    )
    await page.goto('/demo')
    const screen = new Screen(page)
    await screen.opened()
    await page.waitForURL(/\/n\//)
    await screen.edit(1)
    await screen.write('const warmFrom = 25')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(2, 'Right now 3 of 36')
    expect(asked).toHaveLength(1)
  })

  test('[C4] a token that ends closes the socket, and nobody notices', async ({ browser }) => {
    const { server, token, trusted } = await shortIssuer(4)
    const app = await App.start(browser, { TRUSTED_ISSUERS: trusted })
    const localStorage = [{ name: 'rivulet:signed-in', value: '1' }]
    const context = await app.profile({ storageState: { cookies: [], origins: [{ origin: app.url, localStorage }] } })
    await context.route('**/api/auth/token', async (route) => route.fulfill({ json: { token: await token() } }))
    const page = await app.tab(context)
    const closed = new Promise<void>((resolve) => {
      page.on('websocket', (socket) => socket.on('close', () => resolve()))
    })
    const again = new Promise<void>((resolve) => {
      let opened = 0
      page.on('websocket', () => ++opened === 2 && resolve())
    })
    await page.goto('/demo')
    const screen = new Screen(page)
    await screen.opened()
    await page.evaluate(() => {
      const seen: string[] = []
      Object.assign(window, { seen })
      const badge = document.querySelector('[data-connection]') as HTMLElement
      new MutationObserver(() => seen.push(badge.dataset.connection ?? '')).observe(badge, { attributes: true })
    })
    await screen.edit(1)
    await closed
    await again
    await screen.write('const warmFrom = 25')
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(2, 'Right now 3 of 36')
    expect(await page.evaluate(() => Reflect.get(window, 'seen'))).not.toContain('offline')
    expect((await app.close()).join('\n')).toBe('')
    await close(server)
  })
})
