import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { plotWithoutBrowser } from './plotPlugin.ts'
import { POINTER_PATCHES } from './plotPointer.ts'
import type { PackageTable } from './typescript/inside/protocol.ts'

interface Package {
  name: string
  /** The package whose dependency it is, where that is not this server. */
  of?: string
  /** The folder of an operator's own list, from which it is looked up. */
  from?: string
}

/** What cells may import, besides what the operator adds. */
const PACKAGES: readonly Package[] = [
  ...['@observablehq/plot', '@uwdata/flechette', 'arquero', 'date-fns', 'lodash-es', 'simple-statistics', 'zod'].map((name) => ({
    name,
  })),
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

/** A list of package names, installed beside the file (in a `node_modules` of its folder or above). */
const OperatorList = z.array(z.string().min(1))

/**
 * The bundles in `dir`, made first when there are none of these versions.
 * @param listFile a JSON list of further package names that cells may import; see docs/operations.md
 * @throws Error that names the package which is not installed or has no ES module
 */
export async function openPackages(dir: string, listFile?: string): Promise<PackageBundle> {
  const packages = [...PACKAGES, ...(listFile ? operatorPackages(listFile) : [])]
  const target = join(dir, versionsHash(packages))
  if (!existsSync(join(target, MANIFEST))) await buildInto(target, packages)
  return readBundle(target)
}

function operatorPackages(listFile: string): Package[] {
  const file = resolve(listFile)
  const names = OperatorList.parse(JSON.parse(readFileSync(file, 'utf8')))
  return names.filter((name) => !PACKAGES.some((each) => each.name === name)).map((name) => ({ name, from: dirname(file) }))
}

/** For the server's build: bundles directly into `outDir`, to be opened with `readBundle`. */
export async function buildPackages(outDir: string): Promise<void> {
  rmSync(outDir, { recursive: true, force: true })
  await buildInto(outDir, PACKAGES)
}

export function readBundle(dir: string): PackageBundle {
  const files = JSON.parse(readFileSync(join(dir, MANIFEST), 'utf8')) as Record<string, string>
  const table = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, pathToFileURL(join(dir, file)).href]))
  return { dir, table }
}

/** Two servers may build at once: each works in a directory of its own, and the first to finish wins. */
async function buildInto(target: string, packages: readonly Package[]): Promise<void> {
  mkdirSync(dirname(target), { recursive: true })
  const work = mkdtempSync(`${target}-`)
  await bundle(work, packages)
  // Made for its maker only; who runs what was built is often somebody else.
  chmodSync(work, 0o755)
  try {
    renameSync(work, target)
  } catch (error) {
    rmSync(work, { recursive: true, force: true })
    if (!existsSync(join(target, MANIFEST))) throw error
  }
}

async function bundle(dir: string, packages: readonly Package[]): Promise<void> {
  const { build } = await import('rolldown')
  const files = Object.fromEntries(packages.map(({ name }) => [name, `${name.replace(/^@/, '').replace('/', '-')}.js`]))
  await build({
    input: Object.fromEntries(packages.map((each) => [String(files[each.name]).slice(0, -3), entryOf(each)])),
    platform: 'browser',
    plugins: [plotWithoutBrowser()],
    logLevel: 'silent',
    output: { dir, format: 'esm', minify: true, entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
  })
  writeFileSync(join(dir, MANIFEST), JSON.stringify(files))
}

/** The entry file for ES modules; only package managers know where dependencies of dependencies lie. */
function entryOf(wanted: Package): string {
  const { name } = wanted
  const manifest = manifestOf(wanted)
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

function manifestOf({ name, of, from }: Package): string {
  const base = from
    ? join(from, 'package.json')
    : of
      ? manifestOf(PACKAGES.find((each) => each.name === of) ?? { name: of })
      : import.meta.url
  let dir = dirname(createRequire(base).resolve(name))
  while (!isManifestOf(join(dir, 'package.json'), name)) {
    if (dir === dirname(dir)) throw new Error(`The package ${name} has no package.json`)
    dir = dirname(dir)
  }
  return join(dir, 'package.json')
}

/** Folders inside of a package may have a package.json of their own, which says no more than the type of module. */
function isManifestOf(path: string, name: string): boolean {
  return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === name
}

function versionsHash(packages: readonly Package[]): string {
  const versions = packages.map((each) => `${each.name}@${JSON.parse(readFileSync(manifestOf(each), 'utf8')).version}`)
  const made = `${entryOf}${plotWithoutBrowser}${JSON.stringify(POINTER_PATCHES)}`
  return createHash('sha256').update(versions.join()).update(made).digest('hex').slice(0, 16)
}
