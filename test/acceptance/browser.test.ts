import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openExample, type ExampleProduction } from './example-deploys.ts'
import { OPENING_MS } from './production.ts'

// The browser step as a user gives it: playwright-core and the machine's own Chromium, as a command, on the candidate.
// The good page is nightly (CAMPAIGN=full); a machine without Chromium has nothing to run here.

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const RUN_MS = 300_000

describe.skipIf(!existsSync(CHROMIUM))('a browser as a check', () => {
  let example: ExampleProduction

  beforeAll(async () => {
    example = await openExample()
  }, OPENING_MS)
  afterAll(() => example[Symbol.asyncDispose]())

  it.runIf(process.env['CAMPAIGN'] === 'full')('runs the scripts of the candidate’s page and proves whose they were', async () => {
    const { result, log, round } = await example.deploy({ only: 'browser' })
    expect(result.ending, log).toBe('promoted')
    expect(round('Candidate at 0 %')).toEqual([{ name: 'admin in a browser', standing: 'passed' }])
    expect(example.production.live()).toBe(result.versionId)
  }, RUN_MS)

  it('sees a page whose script is gone before any user does', async () => {
    const good = example.production.live()
    const { result, log, round, summary } = await example.deploy({ only: 'browser', broken: 'admin' })
    expect(result.ending, log).toBe('rolled-back')
    expect(round('Candidate at 0 %')).toEqual([{ name: 'admin in a browser', standing: 'regressed' }])
    expect(summary).toContain('console.00000000.js')
    expect(summary).toContain('**Exposure:** none, the candidate stayed at 0 %.')
    expect(example.production.live()).toBe(good)
    expect(example.production.usersOn(result.versionId)).toBe(0)
  }, RUN_MS)
})
