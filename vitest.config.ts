import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/node-version.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: wrangler and workerd are processes of their own beside each test file.
    maxWorkers: 2,
    // GitHub's parser imports JSON without an import attribute; Vite's transform reads it.
    server: { deps: { inline: [/@actions\//] } },
  },
})
