import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findChromium, HOW_TO_GET_CHROMIUM } from '../support/browser.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MANIFEST = `${ROOT}web/dist/.vite/manifest.json`
const SOURCES = ['web/src', 'web/public', 'web/index.html', 'web/vite.config.ts', 'server/src/notebook', 'pnpm-lock.yaml']

/** Milliseconds; 0 for what does not exist. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function newest(path: string): number {
  const own = changedAt(path)
  if (!statSync(path).isDirectory()) return own
  return Math.max(own, ...readdirSync(path).map((name) => newest(`${path}/${name}`)))
}

/** The pages under test are the built ones, so they are built first, when anything they are made of is newer. */
export default function setup(): void {
  if (!findChromium()) {
    if (process.env.CI === 'true') throw new Error(HOW_TO_GET_CHROMIUM)
    console.warn(HOW_TO_GET_CHROMIUM)
    return
  }
  if (Math.max(...SOURCES.map((path) => newest(`${ROOT}${path}`))) < changedAt(MANIFEST)) return
  // In a process of its own: this one's NODE_ENV is `test`, and React would be built for development.
  const vite = `${ROOT}web/node_modules/vite/bin/vite.js`
  const env = { ...process.env, NODE_ENV: 'production' }
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: `${ROOT}web`, env, stdio: 'inherit' })
}
