import { cpSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vite'
import { buildPackages } from './src/kernel/packages.ts'
import { buildInside } from './src/kernel/sql/duckdb/bundle.ts'

const here = import.meta.dirname

/** What is read at run time instead of imported: the sources that run inside Deno, the SQL engine's process, the types of cells, the demo's files, the packages of cells, and the migrations. */
function runtimeFiles(): Plugin {
  return {
    name: 'rivulet-runtime-files',
    async closeBundle() {
      cpSync(resolve(here, 'src/kernel/typescript/inside'), resolve(here, 'dist/inside'), { recursive: true })
      cpSync(resolve(here, 'src/kernel/typescript/cells.d.ts'), resolve(here, 'dist/cells.d.ts'))
      cpSync(resolve(here, 'src/demo/samples'), resolve(here, 'dist/samples'), { recursive: true })
      await buildPackages(resolve(here, 'dist/packages'))
      await buildInside(resolve(here, 'dist/duckdb.cjs'))
      cpSync(resolve(here, '../db/migrations'), resolve(here, 'dist/migrations'), { recursive: true })
    },
  }
}

export default defineConfig({
  ssr: { noExternal: [/^@rivulet\//] },
  build: { ssr: 'src/main.ts', outDir: 'dist', target: 'node20', emptyOutDir: true, minify: false },
  plugins: [runtimeFiles()],
})
