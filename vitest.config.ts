import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['tests/{unit,contract,integration,types}/**/*.test.{ts,tsx}'], testTimeout: 30_000 },
})
