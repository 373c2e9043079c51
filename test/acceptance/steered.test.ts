import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { healthCheckOf } from '../../sandbox/caller.ts'
import { endOf, openProduction, OPENING_MS, RUN_MS, until, type Ended, type Production } from './production.ts'

// A person steers a rollout under way: the deploy and the steer workflow side by side, each through the built dist/.

/** Nothing ends this soak in the time of the test but a person. */
const ROLLOUT = `rollout:
  steps:
    - { percent: 10, soakSeconds: 300, leastRequests: 1000000 }
    - { percent: 100, soakSeconds: 0 }
  pollSeconds: 1
  deadlineMinutes: 10
  metrics:
    - { kind: probes, paths: [/api/count], perPoll: 2, slow: false, baselineRequests: 20 }
`

interface Steered {
  readonly conclusion: string
  readonly answer: string
  /** Versions that served when the answer was there. */
  readonly versions: number
}

describe('a rollout that a person pauses, and then aborts', () => {
  let production: Production
  let ended: Ended
  let [paused, approved, aborted]: Steered[] = []

  beforeAll(async () => {
    production = await openProduction()
    const files = { '.github/sleepwell.yml': healthCheckOf(production.url).replace('rollout:\n  preset: immediate\n', ROLLOUT) }
    const { sha } = production.land('Count visits faster', 'good', { files })
    const deploy = production.caller.start({ workflow: 'deploy', sha })
    await until(() => production.split().some(({ percentage }) => percentage === 10), deploy.finished)
    const say = async (steer: string): Promise<Steered> => {
      const { conclusion, jobs } = await production.caller.start({ workflow: 'steer', sha, inputs: { steer, reason: 'the graphs look odd', 'dry-run': false } }).finished
      return { conclusion, answer: jobs['steer']?.outputs['answer'] ?? '', versions: production.split().length }
    }
    paused = await say('pause')
    approved = await say('approve')
    aborted = await say('abort')
    ended = endOf(await deploy.finished)
  }, OPENING_MS + RUN_MS)
  afterAll(() => production[Symbol.asyncDispose]())

  it('stays at its share while it is paused', () => {
    expect(paused).toEqual({ conclusion: 'success', answer: 'taken-up', versions: 2 })
    expect(ended.log).toContain('mona says pause at 10 %: the graphs look odd')
    expect(ended.log).toMatch(/at 10 %: \[.*, paused by mona/)
  })

  it('turns down an approval that no step awaits', () => {
    expect(approved).toEqual({ conclusion: 'failure', answer: 'turned-down', versions: 2 })
  })

  it('puts the baseline back when it is aborted', () => {
    expect([aborted?.conclusion, aborted?.answer]).toEqual(['success', 'taken-up'])
    expect([ended.ending, ended.reason], ended.log).toEqual(['rolled-back', 'aborted'])
    expect(production.live()).toBe(ended.baselineId)
  })
})
