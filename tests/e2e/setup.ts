import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findChromium, HOW_TO_GET_CHROMIUM } from '../support/browser.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface Build {
  folder: 'web' | 'server'
  /** What it writes last. */
  made: string
  sources: string[]
}

const BUILDS: Build[] = [
  {
    folder: 'web',
    made: 'web/dist/.vite/manifest.json',
    sources: ['web/src', 'web/public', 'web/index.html', 'web/vite.config.ts', 'server/src/notebook', 'pnpm-lock.yaml'],
  },
  {
    folder: 'server',
    made: 'server/dist/migrations',
    sources: ['server/src', 'server/vite.config.ts', 'db/src', 'db/migrations', 'pnpm-lock.yaml'],
  },
]

/** Milliseconds; 0 for what does not exist. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function newest(path: string): number {
  const own = changedAt(path)
  if (!statSync(path).isDirectory()) return own
  return Math.max(own, ...readdirSync(path).map((name) => newest(`${path}/${name}`)))
}

/** What is under test is what is built, so it is built first, when anything it is made of is newer. */
export default function setup(): void {
  if (!findChromium()) {
    if (process.env.CI === 'true') throw new Error(HOW_TO_GET_CHROMIUM)
    console.warn(HOW_TO_GET_CHROMIUM)
  }
  for (const each of BUILDS) if (isOutdated(each)) build(each)
}

function isOutdated({ made, sources }: Build): boolean {
  return Math.max(...sources.map((path) => newest(`${ROOT}${path}`))) >= changedAt(`${ROOT}${made}`)
}

function build({ folder }: Build): void {
  const cwd = `${ROOT}${folder}`
  // In a process of its own: this one's NODE_ENV is `test`, and React would be built for development.
  const env = { ...process.env, NODE_ENV: 'production' }
  execFileSync(process.execPath, [`${cwd}/node_modules/vite/bin/vite.js`, 'build', '--logLevel', 'error'], {
    ...{ cwd, env },
    stdio: 'inherit',
  })
}
