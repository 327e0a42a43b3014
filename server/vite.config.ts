import { cpSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const here = import.meta.dirname

/** What is read at run time instead of imported: the sources that run inside Deno, and the migrations. */
function runtimeFiles(): Plugin {
  return {
    name: 'rivulet-runtime-files',
    closeBundle() {
      cpSync(resolve(here, 'src/kernel/typescript/inside'), resolve(here, 'dist/inside'), { recursive: true })
      cpSync(resolve(here, '../db/migrations'), resolve(here, 'dist/migrations'), { recursive: true })
    },
  }
}

export default defineConfig({
  ssr: { noExternal: [/^@rivulet\//] },
  build: { ssr: 'src/main.ts', outDir: 'dist', target: 'node20', emptyOutDir: true, minify: false },
  plugins: [runtimeFiles()],
})
