import { expect, it } from 'vitest'
import { backOffSeconds } from '../../../src/core/rollout/steps.ts'

it.each([
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 4],
  [4, 8],
  [5, 16],
  [6, 20],
  [60, 20],
])('before try again number %i it waits %i s', (retry, seconds) => {
  expect(backOffSeconds(retry)).toBe(seconds)
})
