// The arrows of docs/architecture.md, as a check: who may import whom. Biome cannot express "this folder and these packages only".
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** The first rule whose folder holds the file applies: what it may import, as prefixes of repository paths or package names. */
const rules = [
  [
    'server/src/notebook',
    ['server/src/notebook', 'zod'],
    'The core imports itself and zod only: no I/O, no clock, no ids of its own.',
  ],
  [
    'server/src/kernel/typescript/inside',
    ['server/src/kernel/typescript/inside', 'node:async_hooks'],
    'What runs in Deno is self-contained.',
  ],
  [
    'server/src/kernel/sql/duckdb/inside',
    [
      'server/src/kernel/sql/duckdb/inside',
      'server/src/kernel/byteQueue.ts',
      'server/src/language/sql/parameterTypes.ts',
      '@duckdb/',
      '@uwdata/flechette',
      'fflate',
      'read-excel-file/universal',
      'node:net',
      'node:os',
      'node:fs/promises',
      'node:path',
    ],
    "What runs in the engine's process is self-contained, but for types, the way frames are put together, and readers of formats, which are bundled with it.",
  ],
  [
    'server/src/language',
    [
      'server/src/language',
      'server/src/notebook',
      'oxc-',
      'esbuild',
      '@typescript-eslint/',
      '@jridgewell/',
      'magic-string',
      'node:crypto',
    ],
    'Languages are pure: source in, names and code out.',
  ],
  ['db/src', ['db/', 'drizzle-', 'better-sqlite3', 'node:'], 'The database package knows rows, not the domain.'],
  [
    'server/src',
    [
      'server/',
      '@rivulet/db/',
      '@',
      'node:',
      ...'better-auth better-sqlite3 drizzle-orm fastify fractional-indexing jose pino prom-client vite ws zod rolldown deno esbuild pg'.split(
        ' ',
      ),
    ],
    'The server imports the database, never the browser.',
  ],
  ['web/src/ui', ['web/src/ui', 'npm:'], 'ui/ has no domain words.'],
  [
    'web/src',
    ['web/src', '@rivulet/server/notebook/', '@rivulet/server/api', 'npm:'],
    'The browser shares the notebook vocabulary and the router type, nothing else of the server.',
  ],
]

function* files(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* files(path)
    else if (/\.tsx?$/.test(entry.name)) yield path
  }
}

const imports = /(?:^(?:import|export|\})[^'"\n]*\bfrom\s+|^import\s+)['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/gm
const problems = []
for (const file of ['server/src', 'db/src', 'web/src'].flatMap((folder) => [...files(folder)])) {
  const rule = rules.find(([folder]) => file.startsWith(`${folder}/`))
  const text = readFileSync(join(root, file), 'utf8')
  for (const match of text.matchAll(imports)) {
    const specifier = match[1] ?? match[2]
    const target = specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : specifier
    const isPackage = !specifier.startsWith('.') && !specifier.startsWith('@rivulet/')
    const allowed = rule[1].some(
      (prefix) => target.startsWith(prefix) || (prefix === 'npm:' && isPackage && !specifier.startsWith('node:')),
    )
    if (!allowed) problems.push(`${file}: may not import ${specifier}. ${rule[2]}`)
    if (specifier.includes('/tests/')) problems.push(`${file}: nobody imports tests.`)
    if (file.startsWith('web/') && specifier === '@rivulet/server/api' && !match[0].startsWith('import type'))
      problems.push(`${file}: import AppRouter as a type only.`)
  }
  if (/\bprocess\.env\b/.test(text) && file !== 'server/src/env.ts')
    problems.push(`${file}: only server/src/env.ts reads process.env.`)
  if (
    file.startsWith('server/src/notebook') &&
    /\b(Date\.now|new Date|Math\.random|randomUUID|setTimeout|performance)\b/.test(text)
  ) {
    problems.push(`${file}: the core takes time and ids from its Stamp.`)
  }
}
for (const problem of problems) console.error(problem)
console.log(
  problems.length === 0 ? 'Architecture: every import points the right way.' : `Architecture: ${problems.length} problems.`,
)
process.exitCode = problems.length === 0 ? 0 : 1
