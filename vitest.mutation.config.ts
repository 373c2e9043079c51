import { defineConfig } from 'vitest/config'

// The tests that run once for each mutant: those of the core alone, which start no process.
export default defineConfig({
  test: {
    include: ['test/core/{ending,errors,gate}.test.ts', 'test/core/rollout/**/*.test.ts'],
  },
})
