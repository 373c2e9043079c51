import { defineConfig } from 'vitest/config'

// The tests that run once for each mutant. The walks (30 s) are left out: docs/mutation.md says why.
export default defineConfig({
  test: {
    include: ['test/core/{ending,errors,gate}.test.ts', 'test/core/rollout/*.test.ts'],
    exclude: ['test/core/rollout/walk*.test.ts'],
  },
})
