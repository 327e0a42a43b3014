import { join } from 'node:path'
import { defineConfig } from 'drizzle-kit'

/** The same file the server opens; `DATA_DIR` moves both. */
export default defineConfig({
  dialect: 'sqlite',
  schema: './db/src/schema.ts',
  out: './db/migrations',
  dbCredentials: { url: join(process.env.DATA_DIR ?? './data', 'rivulet.db') },
})
