import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The engine's process, as one file: it starts faster, and all of it can be shown to a sandbox. */
const HERE = fileURLToPath(new URL('.', import.meta.url))
const BUILT = join(HERE, 'duckdb.cjs')
const CACHE = join(HERE, '../../../../node_modules/.cache/rivulet-duckdb')

let made: Promise<string> | undefined

/** The built one beside a built server; made from the sources otherwise, once a process. */
export function insideBundle(): Promise<string> {
  if (existsSync(BUILT)) return Promise.resolve(BUILT)
  made ??= bundleInside().then(cached)
  return made
}

/** For the server's build. */
export async function buildInside(file: string): Promise<void> {
  writeFileSync(file, await bundleInside())
}

async function bundleInside(): Promise<Uint8Array> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [join(HERE, 'inside/main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'silent',
    plugins: [
      {
        name: 'native-binding',
        setup(build) {
          build.onResolve({ filter: /^@duckdb\/node-bindings$/ }, ({ path }) => ({ path, namespace: 'binding' }))
          // The server says where it is.
          build.onLoad({ filter: /.*/, namespace: 'binding' }, () => ({ contents: 'module.exports = require(process.argv[2])' }))
        },
      },
    ],
  })
  const [file] = outputFiles
  if (!file) throw new Error("The engine's process could not be bundled")
  return file.contents
}

/** Two servers may make it at once: the first to finish wins, and both are the same. */
function cached(bytes: Uint8Array): string {
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const file = join(CACHE, `${name}.cjs`)
  if (existsSync(file)) return file
  mkdirSync(CACHE, { recursive: true })
  const work = `${file}.${randomBytes(4).toString('hex')}`
  writeFileSync(work, bytes)
  try {
    renameSync(work, file)
  } catch (error) {
    rmSync(work, { force: true })
    if (!existsSync(file)) throw error
  }
  return file
}

/** The engine itself, for this platform; its library lies beside it. */
export function nativeBinding(): string {
  const fromBindings = createRequire(createRequire(import.meta.url).resolve('@duckdb/node-bindings'))
  const libc = process.platform === 'linux' && isMusl() ? '-musl' : ''
  return realpathSync(fromBindings.resolve(`@duckdb/node-bindings-${process.platform}-${process.arch}${libc}/duckdb.node`))
}

function isMusl(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime === undefined
}
