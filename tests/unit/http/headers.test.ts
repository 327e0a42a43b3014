import { developmentHeaders } from '@rivulet/server/src/http/headers.ts'
import { describe, expect, test } from 'vitest'

const origin = (url: string) => developmentHeaders(url)['access-control-allow-origin']
const policy = (url: string) => developmentHeaders(url)['content-security-policy']

describe('headers in development', () => {
  test.each([
    '/src/frame/main.ts',
    '/src/frame/vega.ts?t=1',
    '/node_modules/.vite/deps/vega-embed.js?v=1a2b',
    '/@fs/home/a/node_modules/.pnpm/plotly.js-strict-dist-min@4.1.1/node_modules/plotly.js-strict-dist-min/plotly-strict.min.js?url',
  ])('let a page without an origin load the chart code %s', (url) => {
    expect(origin(url)).toBe('*')
  })

  test.each([
    '/src/main.ts',
    '/src/frame/../../../data/secret.ts',
    '/@fs/home/a/data/auth-secret',
    '/@fs/home/a/data/auth-secret?/plotly.js-strict-dist-min/plotly-strict.min.js',
    '/@fs/home/a/data/auth-secret%3F/plotly.js-strict-dist-min/plotly-strict.min.js',
    '/@fs/home/a/data/auth-secret#/plotly.js-strict-dist-min/plotly-strict.min.js',
    '/constructor',
  ])('let it load nothing else: %s', (url) => {
    expect(origin(url)).toBeUndefined()
    expect(developmentHeaders(url)['cross-origin-resource-policy']).toBe('same-origin')
  })

  test('shut frames off as the built app does', () => {
    expect(policy('/frame.html?x')).toMatch(/^sandbox allow-scripts; default-src 'none'; script-src 'self';/)
    expect(policy('/sandbox.html')).toMatch(/^sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline';/)
    expect(policy('/demo')).not.toContain('sandbox')
  })
})
