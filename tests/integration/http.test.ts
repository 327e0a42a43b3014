import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nowInSeconds, TestIssuer } from '../support/issuer.ts'
import { temporaryFolder } from '../support/serverProcess.ts'
import { codeOf, Follower, TestServer } from '../support/testServer.ts'

const PAGE = '<!doctype html><title>The page</title>'

const pages = temporaryFolder()
let issuer: TestIssuer
let server: TestServer
beforeAll(async () => {
  mkdirSync(join(pages.path, 'assets'))
  writeFileSync(join(pages.path, 'index.html'), PAGE)
  for (const frame of ['sandbox.html', 'frame.html']) writeFileSync(join(pages.path, frame), '<!doctype html>')
  writeFileSync(join(pages.path, 'assets/app-1a2b.js'), 'export {}')
  issuer = await TestIssuer.start()
  const env = { TRUSTED_ISSUERS: JSON.stringify([issuer.entry]), RATE_LIMIT_PER_MINUTE: '1000000' }
  server = await TestServer.start(env, { pages: pages.path })
})
afterAll(async () => {
  await server.close()
  issuer.close()
  pages.remove()
})

describe('what the server refuses before any procedure', () => {
  const refused: Record<string, { path: string; type: string; status: number; code: string; kind: string }> = {
    'a folder of files': { path: '/assets/', type: '', status: 403, code: 'FORBIDDEN', kind: 'forbidden' },
    'a type that is no JSON': {
      ...{ path: '/trpc/createNotebook', type: 'text/plain' },
      ...{ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', kind: 'invalid-input' },
    },
    'an address that cannot be decoded': { path: '/%ff', type: '', status: 400, code: 'BAD_REQUEST', kind: 'invalid-input' },
  }
  test.each(Object.entries(refused))('%s: status, code and problem say the same', async (_, { path, type, ...said }) => {
    const post = type && { method: 'POST', headers: { 'content-type': type }, body: 'x' }
    const response = await fetch(`${server.url}${path}`, post || {})
    const { error } = (await response.json()) as { error: { code: number; data: { code: string; problem: { kind: string } } } }
    const { code, problem } = error.data
    expect({ status: response.status, code, kind: problem.kind }).toEqual(said)
    expect(error.data).toMatchObject({ httpStatus: said.status })
    expect(TRPC_ERROR_CODES_BY_KEY).toMatchObject({ [code]: error.code })
  })
})

describe('operations', () => {
  test('/healthz and /readyz answer, with or without a slash', async () => {
    for (const [path, status] of Object.entries({ healthz: 'ok', readyz: 'ready' })) {
      for (const url of [`${server.url}/${path}`, `${server.url}/${path}/`]) {
        const response = await fetch(url)
        expect([response.status, await response.json()]).toEqual([200, { status }])
      }
    }
  })

  test('/metrics counts what is open, and every answer of the API', async () => {
    const follower = new Follower(server.ws(await issuer.token('metrics')).client, 'demo')
    await follower.snapshot()
    await server.http(await issuer.token('metrics')).whoami.query()
    await codeOf(server.http().whoami.query())
    const text = await (await fetch(`${server.url}/metrics`)).text()
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    expect(value('rivulet_sockets_open')).toBe(1)
    expect(value('rivulet_sessions_open')).toBe(1)
    expect(value('rivulet_kernels_running')).toBe(0)
    expect(value('rivulet_sql_engines_running')).toBe(0)
    expect(value('rivulet_runs_under_way')).toBe(0)
    expect(value('rivulet_readers')).toBe(1)
    expect(value('rivulet_reader_lag_revs')).toBe(0)
    expect(value('rivulet_call_seconds_count{procedure="whoami",code="OK"}')).toBe(1)
    expect(value('rivulet_call_seconds_count{procedure="whoami",code="UNAUTHORIZED"}')).toBe(1)
    expect(value('rivulet_saves_failed_total')).toBe(0)
    expect(value('rivulet_database_bytes')).toBeGreaterThan(0)
    expect(value('rivulet_http_seconds_count{status="200"}')).toBeGreaterThan(0)
    expect(value('rivulet_http_seconds_count{status="401"}')).toBe(1)
    expect(text).toContain('process_resident_memory_bytes')
    follower.stop()
  })
})

test('/metrics: what runs, what is saved, and who reads', async () => {
  const own = await TestServer.start()
  const { token } = await own.guest()
  const client = own.http(token)
  const value = async (name: string) => {
    const text = await (await fetch(`${own.url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  }
  const { id } = await client.createNotebook.mutate({})
  const follower = new Follower(own.ws(token).client, id)
  await follower.snapshot()
  const saved = await value('rivulet_save_seconds_count')
  const insert = (language: 'typescript' | 'sql', source: string) => ({ insert: { language, source } })
  const edits = [insert('sql', 'select 1'), insert('typescript', 'for (;;) await new Promise((go) => setTimeout(go, 20))')]
  const { runIds } = await client.applyEdits.mutate({ notebookId: id, edits, run: true })
  await Promise.all([follower.finished(runIds[0] ?? ''), follower.started(runIds[1] ?? '')])
  expect(await value('rivulet_save_seconds_count')).toBeGreaterThan(saved)
  expect(await value('rivulet_kernels_running')).toBe(1)
  expect(await value('rivulet_kernel_processes')).toBe(1)
  expect(await value('rivulet_sql_engines_running')).toBe(1)
  expect(await value('rivulet_runs_under_way')).toBe(1)
  follower.stop()
  await expect.poll(() => value('rivulet_readers'), { timeout: 20_000 }).toBe(0)
  await own.close()
}, 60_000)

test('/cells.d.ts: the types of what cells can use, as text', async () => {
  const response = await fetch(`${server.url}/cells.d.ts`)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
  expect(await response.text()).toMatch(/^declare function display\(value: unknown\): void$/m)
})

describe('the page', () => {
  test.each(['/', '/demo', '/demo/', '/n/x', '/n/x/', '/anything?x=1'])('is what %s gives', async (path) => {
    const response = await fetch(`${server.url}${path}`)
    expect([response.status, await response.text()]).toEqual([200, PAGE])
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(response.headers.get('cache-control')).toBe('no-cache')
    const head = await fetch(`${server.url}${path}`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test('is not what the API, missing files and other methods give', async () => {
    for (const path of ['/api/nothing', '/trpc', '/assets/gone.js', '/favicon.png']) {
      expect((await fetch(`${server.url}${path}`)).status, path).toBe(404)
    }
    expect((await fetch(`${server.url}/demo`, { method: 'POST' })).status).toBe(404)
  })

  test('has files that may be kept for ever, and frames that reach nothing', async () => {
    const asset = await fetch(`${server.url}/assets/app-1a2b.js`)
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const sandbox = await fetch(`${server.url}/sandbox.html`)
    expect(sandbox.headers.get('content-security-policy')).toMatch(/^sandbox allow-scripts; default-src 'none'/)
    const charts = await fetch(`${server.url}/frame.html`)
    expect(charts.headers.get('content-security-policy')).toMatch(
      /^sandbox allow-scripts; default-src 'none'; script-src 'self';/,
    )
    expect(charts.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('names what a notebook needs to whoever opens one and has been here, and to nobody else', async () => {
    const built = temporaryFolder()
    mkdirSync(join(built.path, '.vite'))
    writeFileSync(join(built.path, 'index.html'), '<head><script src="/assets/react.js"></script></head>')
    const manifest = {
      'src/routes/App.tsx': { file: 'assets/app.js', imports: ['_react.js'] },
      'src/routes/NotebookRoute.tsx': { file: 'assets/notebook.js', imports: ['_cells.js', 'src/routes/App.tsx'] },
      '_react.js': { file: 'assets/react.js' },
      '_cells.js': { file: 'assets/cells.js' },
      'src/features/notebook/Chrome.tsx': { file: 'assets/chrome.js', imports: ['_cells.js'] },
      'src/features/cell/editor/editor.ts': { file: 'assets/editor.js', imports: ['_codemirror.js', '_react.js'] },
      '_codemirror.js': { file: 'assets/codemirror.js' },
      'src/palette.ts': { file: 'assets/palette.js' },
    }
    writeFileSync(join(built.path, '.vite/manifest.json'), JSON.stringify(manifest))
    const other = await TestServer.start({}, { pages: built.path })
    const named = async (path: string, cookie = 'rivulet.session_token=x') => {
      const page = await (await fetch(`${other.url}${path}`, { headers: { cookie } })).text()
      const files = (link: string) => [...page.matchAll(new RegExp(`<link ${link} crossorigin href="([^"]+)"`, 'g'))]
      return [files('rel="modulepreload"'), files('rel="prefetch" as="script"')].map((all) => all.map(([, file]) => file).sort())
    }
    // Compiled at once, and only fetched.
    const wanted = [
      ['/assets/app.js', '/assets/cells.js', '/assets/notebook.js'],
      ['/assets/chrome.js#later', '/assets/codemirror.js#later', '/assets/editor.js#later'],
    ]
    for (const path of ['/demo', '/n/x', '/n/x/?y=1']) expect(await named(path), path).toEqual(wanted)
    for (const path of ['/', '/anything']) expect(await named(path), path).toEqual([[], []])
    expect(await named('/demo', 'another=1')).toEqual([[], []])
    await other.close()
    built.remove()
  })

  test('that was not built says how to build it', async () => {
    const unbuilt = await TestServer.start({}, { pages: join(pages.path, 'nowhere') })
    const response = await fetch(`${unbuilt.url}/demo`)
    expect([response.status, await response.json()]).toEqual([404, { message: 'The app is not built. Run: pnpm build' }])
    await unbuilt.close()
  })
})

describe('server-sent events', () => {
  test('[C1] [C3] carry the same: a snapshot with outputs first, then every change', async () => {
    const token = () => issuer.token('sse')
    const follower = new Follower(server.sse(token), 'demo')
    const first = await follower.snapshot()
    expect(first.cells.some((cell) => cell.outputs.length > 0)).toBe(true)
    const client = server.http(await token())
    const { rev } = await client.renameNotebook.mutate({ id: first.id, title: 'Over HTTP' })
    await follower.reached(rev)
    expect(follower.state()).toEqual(await client.getNotebook.query({ id: 'demo' }))
    follower.stop()
  })

  test('[C4] end with their token; the client goes on with a fresh one where it was', async () => {
    let lives = 0
    const token = () => {
      lives += 1
      return issuer.token('expiring', lives === 1 ? { expiresAt: nowInSeconds() + 3 } : {})
    }
    const client = server.http(await issuer.token('expiring'))
    const { id } = await client.createNotebook.mutate({})
    const follower = new Follower(server.sse(token), id)
    await follower.snapshot()
    const edit = () => client.insertCell.mutate({ notebookId: id, language: 'markdown', source: 'x' })
    while (lives < 2) await edit()
    const { rev } = await edit()
    await follower.reached(rev)
    expect(follower.snapshots).toBe(1)
    expect(follower.revs).toEqual(Array.from({ length: rev }, (_, index) => index + 1))
    follower.stop()
  })

  test('of somebody else’s notebook, or without a token, are refused', async () => {
    const { id } = await server.http(await issuer.token('owner')).createNotebook.mutate({})
    const stranger = new Follower(
      server.sse(() => issuer.token('stranger')),
      id,
    )
    expect(await codeOf(stranger.snapshot())).toBe('NOT_FOUND')
    stranger.stop()
    const response = await fetch(`${server.url}/trpc/notebook?input=${encodeURIComponent('{"id":"demo"}')}`)
    expect(await response.text()).toMatch(/event: serialized-error\ndata: .*"code":"UNAUTHORIZED".*"reason":"no-token"/)
  })
})
