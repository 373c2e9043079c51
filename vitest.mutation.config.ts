import { defineConfig } from 'vitest/config'

// The tests that run once for each mutant. The walk (12 s) is left out: docs/mutation.md says why.
export default defineConfig({
  test: {
    include: ['test/core/{ending,errors,gate}.test.ts', 'test/core/rollout/*.test.ts'],
    exclude: ['test/core/rollout/walk.test.ts'],
  },
})
