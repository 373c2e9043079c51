import { expect, it } from 'vitest'
import { openExample } from './example-deploys.ts'

// Minutes of waiting in real time: nightly, CAMPAIGN=full. test/shell/cold-start.test.ts has the same in dreamt time.

const isNightly = process.env['CAMPAIGN'] === 'full'

it.runIf(isNightly)('an object that needs 90 s is promoted, and one that never is ready is rolled back at the deadline', { timeout: 900_000 }, async () => {
  await using example = await openExample()
  const slow = await example.deploy({ readySeconds: 90, only: 'ready' })
  expect(slow.result.ending, slow.log).toBe('promoted')
  const never = await example.deploy({ readySeconds: 1_000_000, only: 'ready' })
  expect(never.result.ending, never.log).toBe('rolled-back')
  expect(never.summary).toContain('to be ready by the deadline')
  expect(example.production.live()).toBe(slow.result.versionId)
})
