import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules, createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder that Deno runs; a bundled server has a copy of it next to itself and says where. */
export const INSIDE_DIR = fileURLToPath(new URL('./inside/', import.meta.url))

/** What cells can use without defining it, as types; beside that folder in the sources and in the bundle. */
export const CELL_TYPES_FILE = join(INSIDE_DIR, '../cells.d.ts')

/**
 * Half of the space for new objects, in each of the two isolates. The engine would let it grow to several times as much under
 * small runs, and give nothing back; less costs code that makes many objects a tenth of its time.
 */
const YOUNG_MB = 8

/** Node modules that Deno knows besides those of this Node. */
const OTHER_BUILTINS = ['sqlite', 'test', 'test/reporters', 'sea', 'trace_events', 'wasi', 'inspector/promises']

const BLOCKED = `data:text/javascript,${encodeURIComponent('throw new Error("Cells run in a sandbox without Node modules")')}`

/** The native binary inside the npm package: its JavaScript launcher would cost 45 MB and 40 ms a kernel. */
export function denoBinary(): string {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve('deno/package.json')
  const { optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { optionalDependencies: Record<string, string> }
  const prefix = `@deno/${process.platform}-${process.arch}`
  const fromDeno = createRequire(manifest)
  for (const name of Object.keys(optionalDependencies).filter((each) => each.startsWith(prefix))) {
    const binary = resolveOrUndefined(() => fromDeno.resolve(`${name}/deno${process.platform === 'win32' ? '.exe' : ''}`))
    if (binary) return binary
  }
  return join(dirname(manifest), 'deno')
}

/** Only the package of this machine's platform is installed. */
function resolveOrUndefined(resolve: () => string): string | undefined {
  try {
    return resolve()
  } catch {
    return undefined
  }
}

export interface DenoHome {
  dir: string
  importMap: string
  /** What runs in the kernels. */
  insideDir: string
}

/**
 * Deno's own directory, empty and only this server's: cells cannot leave anything in a user's cache, nor find it. `dir` is made anew, so that
 * nothing stays of a server that was killed.
 */
export function makeDenoHome(dir: string, insideDir: string): DenoHome {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const importMap = join(dir, 'import-map.json')
  writeFileSync(importMap, JSON.stringify(importMapOf(insideDir)))
  return { dir, importMap, insideDir }
}

export function removeDenoHome({ dir }: DenoHome): void {
  rmSync(dir, { recursive: true, force: true })
}

function importMapOf(insideDir: string) {
  const names = [...builtinModules.filter((name) => !name.startsWith('_')), ...OTHER_BUILTINS]
  const context = pathToFileURL(join(insideDir, 'async-context.ts')).href
  return {
    imports: Object.fromEntries(names.map((name) => [name.startsWith('node:') ? name : `node:${name}`, BLOCKED])),
    scopes: { [context]: { 'node:async_hooks': 'node:async_hooks' } },
  }
}

export function denoArguments(options: {
  home: DenoHome
  packagesDir: string
  heapMb: number
  network: readonly string[]
}): string[] {
  return [
    'run',
    '--quiet',
    '--no-config',
    '--no-lock',
    '--no-prompt',
    '--no-remote',
    '--no-npm',
    '--cached-only',
    '--unstable-worker-options',
    `--import-map=${options.home.importMap}`,
    `--allow-read=${options.home.insideDir},${options.packagesDir}`,
    ...(options.network.length > 0 ? [`--allow-net=${options.network.join(',')}`] : []),
    `--v8-flags=--max-old-space-size=${options.heapMb},--max-semi-space-size=${YOUNG_MB}`,
    join(options.home.insideDir, 'main.ts'),
  ]
}
