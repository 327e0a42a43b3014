import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'rolldown'
import type { PackageTable } from './typescript/inside/protocol.ts'

/** What cells may import, with the package whose dependency it is where that is not this server. */
const PACKAGES: readonly { name: string; of?: string }[] = [
  { name: '@observablehq/plot' },
  { name: 'd3', of: '@observablehq/plot' },
  ...[
    'array',
    'color',
    'dsv',
    'format',
    'geo',
    'hierarchy',
    'interpolate',
    'random',
    'scale',
    'scale-chromatic',
    'shape',
    'time',
    'time-format',
  ].map((part) => ({ name: `d3-${part}`, of: 'd3' })),
]

/** Bundles on disk. */
export interface PackageBundle {
  dir: string
  table: PackageTable
}

const MANIFEST = 'packages.json'

/** The bundles in `dir`, made first when there are none of these versions. */
export async function openPackages(dir: string): Promise<PackageBundle> {
  const target = join(dir, versionsHash())
  if (!existsSync(join(target, MANIFEST))) await buildInto(target)
  return readBundle(target)
}

/** For the server's build: bundles directly into `outDir`, to be opened with `readBundle`. */
export async function buildPackages(outDir: string): Promise<void> {
  rmSync(outDir, { recursive: true, force: true })
  await buildInto(outDir)
}

export function readBundle(dir: string): PackageBundle {
  const files = JSON.parse(readFileSync(join(dir, MANIFEST), 'utf8')) as Record<string, string>
  const table = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, pathToFileURL(join(dir, file)).href]))
  return { dir, table }
}

/** Two servers may build at once: each works in a directory of its own, and the first to finish wins. */
async function buildInto(target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true })
  const work = mkdtempSync(`${target}-`)
  await bundle(work)
  try {
    renameSync(work, target)
  } catch (error) {
    rmSync(work, { recursive: true, force: true })
    if (!existsSync(join(target, MANIFEST))) throw error
  }
}

async function bundle(dir: string): Promise<void> {
  const { build } = await import('rolldown')
  const files = Object.fromEntries(PACKAGES.map(({ name }) => [name, `${name.replace(/^@/, '').replace('/', '-')}.js`]))
  await build({
    input: Object.fromEntries(PACKAGES.map((each) => [String(files[each.name]).slice(0, -3), entryOf(each)])),
    platform: 'browser',
    plugins: [documentForPlot()],
    logLevel: 'silent',
    output: { dir, format: 'esm', minify: true, entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
  })
  writeFileSync(join(dir, MANIFEST), JSON.stringify(files))
}

/** Plot draws into the browser's document; here it gets one that needs no browser. */
function documentForPlot(): Plugin {
  const found = 'typeof window !== "undefined" ? window.document : undefined'
  return {
    name: 'document-for-plot',
    transform(code, id) {
      if (!id.endsWith('/plot/src/context.js')) return null
      if (!code.includes(found)) throw new Error('Plot no longer looks for its document where we replace it')
      const linkedom = createRequire(import.meta.url).resolve('linkedom')
      return `import { parseHTML as $parse } from ${JSON.stringify(linkedom)}\nconst $document = $parse('<!doctype html><html><body></body></html>').document\n${code.replace(found, '$document')}`
    },
  }
}

/** The entry file for ES modules; only package managers know where dependencies of dependencies lie. */
function entryOf({ name, of }: { name: string; of?: string }): string {
  const manifest = manifestOf(name, of)
  const { exports, module, main } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    exports?: unknown
    module?: string
    main?: string
  }
  const entry = exportedFile(exports) ?? module ?? main
  if (!entry) throw new Error(`${name} has no entry for ES modules`)
  return join(dirname(manifest), entry)
}

function exportedFile(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports
  if (typeof exports !== 'object' || exports === null) return undefined
  const { import: esm, default: other, '.': root } = exports as Record<string, unknown>
  return exportedFile(root ?? esm ?? other)
}

function manifestOf(name: string, of: string | undefined): string {
  const parent = of && manifestOf(of, PACKAGES.find((each) => each.name === of)?.of)
  let dir = dirname(createRequire(parent ?? import.meta.url).resolve(name))
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir)
  return join(dir, 'package.json')
}

function versionsHash(): string {
  const versions = PACKAGES.map(
    (each) => `${each.name}@${JSON.parse(readFileSync(manifestOf(each.name, each.of), 'utf8')).version}`,
  )
  return createHash('sha256').update(versions.join()).update(entryOf.toString()).digest('hex').slice(0, 16)
}
