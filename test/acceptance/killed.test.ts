import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StartedRun } from '../../sandbox/caller.ts'
import { endOf, expectOrder, openProduction, OPENING_MS, RUN_MS, type Ended, type Landed, type Production } from './production.ts'

const DEPLOY_JOB = 'deploy/rollout/deploy'

type Moment = 'after-stage' | 'before-promote' | 'after-promote'

const IN_WORDS: Readonly<Record<Moment, string>> = {
  'after-stage': 'right after the candidate was staged',
  'before-promote': 'while Cloudflare takes the promotion in',
  'after-promote': 'right after the candidate got everybody',
}

describe('a deploy that does not live to see its end', () => {
  let production: Production
  let baseline: string
  let onLine: ((line: string) => void) | undefined

  beforeAll(async () => {
    production = await openProduction({ onLine: (line) => onLine?.(line) })
    baseline = production.live()
  }, OPENING_MS)
  afterAll(() => production[Symbol.asyncDispose]())

  /** Strikes once at this moment: the first write to deployments is the stage, the second one the promotion. */
  function strikeAt(moment: Moment, strike: () => void): void {
    production.platform.world.faults.push({
      service: 'cloudflare',
      method: 'POST',
      path: /\/scripts\/[^/]+\/deployments$/,
      skip: moment === 'after-stage' ? 0 : 1,
      fault: moment === 'before-promote' ? { kind: 'observe', before: strike } : { kind: 'observe', after: strike },
    })
  }

  async function deployUntil(arrange: (run: StartedRun) => void): Promise<Ended & { readonly landed: Landed }> {
    const landed = production.land('Interrupt me', 'good')
    const run = production.caller.start({ workflow: 'deploy', sha: landed.sha })
    arrange(run)
    return { ...endOf(await run.finished), landed }
  }

  function expectRestored({ landed, log }: Ended & { readonly landed: Landed }): void {
    expect(production.split(), log).toEqual([{ versionId: baseline, percentage: 100 }])
    expect(production.status(landed.sha)?.state, log).toBe('failure')
    expect(production.ledger()[0], log).toMatchObject({ sha: landed.sha, state: 'failure', description: expect.stringMatching(/^rolled-back/) })
    expectOrder(production)
  }

  const moments: readonly Moment[] = ['after-stage', 'before-promote', 'after-promote']

  for (const moment of moments) {
    it(`is finished by the post step when it is killed ${IN_WORDS[moment]}`, async () => {
      const killed = await deployUntil((run) => strikeAt(moment, () => run.crash(DEPLOY_JOB)))
      const step = killed.result.jobs[DEPLOY_JOB]?.steps.find(({ id }) => id === 'deploy')
      expect(step?.main?.ending, killed.log).toBe('crashed')
      // What the post step decided is told by the recover job: a post step has no outputs.
      expect(killed, killed.log).toMatchObject({ conclusion: 'failure', ending: 'rolled-back', reason: 'run-died', baselineId: baseline })
      expect(step?.post?.log.join('\n')).toContain('goes on from')
      expectRestored(killed)
    }, RUN_MS)
  }

  for (const moment of moments) {
    it(`is finished by the recover job when its runner is lost ${IN_WORDS[moment]}`, async () => {
      const lost = await deployUntil((run) => strikeAt(moment, () => run.loseRunner(DEPLOY_JOB)))
      expect(lost.result.jobs[DEPLOY_JOB]?.result, lost.log).toBe('failure')
      expect(lost).toMatchObject({ conclusion: 'failure', ending: 'rolled-back', reason: 'run-died', baselineId: baseline })
      expectRestored(lost)
    }, RUN_MS)
  }

  it('is undone when somebody cancels it during the checks', async () => {
    const cancelled = await deployUntil((run) => {
      onLine = (line) => {
        if (!/Read back: .* at 0 %/.test(line)) return
        onLine = undefined
        run.cancel()
      }
    })
    expect(cancelled, cancelled.log).toMatchObject({ conclusion: 'cancelled', ending: 'rolled-back', reason: 'cancelled' })
    expectRestored(cancelled)
    expect(production.ledger()[0]?.description).toContain('cancelled')
  }, RUN_MS)

  it('leaves a production to which the next deploy is welcome', async () => {
    const { sha } = production.land('After the storm', 'good')
    const next = await production.run({ workflow: 'deploy', sha })
    expect(next, next.log).toMatchObject({ ending: 'promoted', baselineId: baseline })
    expect(production.live()).toBe(next.versionId)
    expectOrder(production)
  }, RUN_MS)
})
