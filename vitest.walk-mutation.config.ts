import { defineConfig } from 'vitest/config'

// The walk alone, for docs/mutation.md: what it catches by itself.
export default defineConfig({ test: { include: ['test/core/rollout/walk.test.ts'], testTimeout: 120_000 } })
