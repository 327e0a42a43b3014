import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    setupFiles: ['tests/support/seed.ts', 'tests/support/cleanUp.ts'],
    include: ['tests/{unit,contract,integration,types}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
  },
})
