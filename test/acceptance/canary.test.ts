import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { healthCheckOf } from '../../sandbox/caller.ts'
import { startLoad, type Load } from '../../sandbox/load.ts'
import { openProduction, OPENING_MS, RUN_MS, type Ended, type Production } from './production.ts'

// Gradual rollouts through the reusable workflow and the built dist/: the checks see nothing, the comparison does.

const config = readFileSync(fileURLToPath(new URL('../../workers/example/wrangler.jsonc', import.meta.url)), 'utf8')

/** Ten and fifty per cent, compared by probes alone; a quiet Worker's rollout in seconds. */
const ROLLOUT = `rollout:
  steps:
    - { percent: 10, soakSeconds: 4, leastRequests: 40 }
    - { percent: 50, soakSeconds: 4, leastRequests: 40 }
    - { percent: 100, soakSeconds: 2 }
  pollSeconds: 1
  deadlineMinutes: 3
  metrics:
    - { kind: probes, paths: [/api/count], perPoll: 30, slow: false, baselineRequests: 100 }
`

describe('a gradual rollout', () => {
  let production: Production
  beforeAll(async () => void (production = await openProduction()), OPENING_MS)
  afterAll(() => production[Symbol.asyncDispose]())

  function deploy(title: string, failShare: string): Promise<Ended> {
    const files = {
      '.github/sleepwell.yml': healthCheckOf(production.url).replace('rollout:\n  preset: immediate\n', ROLLOUT),
      'wrangler.jsonc': config.replace('"FAIL_SHARE": "0"', `"FAIL_SHARE": "${failShare}"`),
    }
    return production.run({ workflow: 'deploy', sha: production.land(title, 'good', { files }).sha })
  }

  it('promotes a good version through every step', async () => {
    const ended = await deploy('Count visits faster', '0')
    expect(ended.ending, ended.log).toBe('promoted')
    expect(production.live()).toBe(ended.versionId)
    expect(ended.log).toMatch(/at 10 %: \[#+-*\] \d+ s of 4 s, \d+ of 40 requests/)
  }, RUN_MS)

  it('rolls a version back that fails one request in three, though its checks are well', async () => {
    const load: Load = startLoad({ url: production.url, paths: ['/api/count'], users: 4, pauseMs: 20 })
    const ended = await deploy('Count visits with a race', '0.33')
    await load.stop()
    expect([ended.ending, ended.reason], ended.log).toEqual(['rolled-back', 'regressed'])
    expect(production.live()).toBe(ended.baselineId)
  }, RUN_MS)
})
