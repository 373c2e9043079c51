import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/node-version.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // For two cores: a file waits a third of its time, for wrangler's network and for Workers that settle.
    maxWorkers: 3,
    // GitHub's parser imports JSON without an import attribute; Vite's transform reads it.
    server: { deps: { inline: [/@actions\//] } },
  },
})
