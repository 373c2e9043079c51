import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { healthCheckOf } from '../../sandbox/caller.ts'
import { createBarrier, endOf, expectOrder, openProduction, OPENING_MS, until, WORKER, type Ended, type Landed, type Production } from './production.ts'

const WRITE = { service: 'cloudflare', method: 'POST', path: /\/deployments$/ } as const

describe('a rollback by hand while one deploy soaks at 0 % and two wait behind its lock', () => {
  let production: Production
  let target: string
  let landed: readonly [Landed, Landed, Landed]
  let found: { readonly split: readonly number[]; readonly pending: readonly string[]; readonly deployments: number }
  let soaked: Ended
  let queued: readonly Ended[]
  let rolledBack: Ended

  beforeAll(async () => {
    production = await openProduction()
    target = production.live()
    await production.run({ workflow: 'deploy', sha: land('A version that somebody regrets').sha })
    landed = [land('Soak'), land('Wait'), land('Wait longer')]
    const { caller, platform } = production
    const { world } = platform
    const start = ({ sha }: Landed) => caller.start({ workflow: 'deploy', sha }).finished.then(endOf)

    // After the stage, three answers in a row prove that the candidate is there; the next request is its check.
    const check = createBarrier(world, { service: 'edge', path: /^\/healthz$/ })
    world.faults.push({ ...WRITE, fault: { kind: 'observe', after: () => check.close(3) } })
    const soaking = start(landed[0])
    await Promise.race([check.reached, soaking])
    const waiting = [start(landed[1]), start(landed[2])]
    const lock = `sleepwell/${platform.cloudflare.accountId}/${WORKER}/production`
    await until(() => caller.locks.read(lock).pending.length === waiting.length, Promise.all(waiting))
    found = { split: production.split().map(({ percentage }) => percentage), pending: caller.locks.read(lock).pending, deployments: platform.cloudflare.model.deployments(WORKER).length }

    // The deploy learns nothing before the rollback has written.
    world.faults.push({ ...WRITE, fault: { kind: 'observe', after: () => check.open() } })
    const inputs = { reason: 'customers complain', version: '', commit: '', release: false, 'dry-run': false }
    rolledBack = await production.run({ workflow: 'rollback', sha: landed[2].sha, inputs })
    soaked = await soaking
    queued = await Promise.all(waiting)
  }, OPENING_MS)
  afterAll(() => production[Symbol.asyncDispose]())

  /** A merged commit whose check has all the time that the test takes. */
  function land(title: string): Landed {
    const checks = `${healthCheckOf(production.url)}    timeoutSeconds: 120\n    deadlineSeconds: 600\n`
    return production.land(title, 'good', { files: { '.github/sleepwell.yml': checks } })
  }

  it('finds one at 0 % and two in the queue', () => {
    expect(new Set(found.split)).toEqual(new Set([0, 100]))
    expect(found.pending).toEqual(['deploy / rollout', 'deploy / rollout'])
  })

  it('waits for none of them', () => {
    expect(rolledBack, rolledBack.log).toMatchObject({ conclusion: 'success', ending: 'rolled-back', reason: 'by-hand', versionId: target })
  })

  it('makes the soaking deploy yield, calmly', () => {
    expect(soaked, soaked.log).toMatchObject({ conclusion: 'success', ending: 'yielded' })
    expect(production.status(landed[0].sha)?.state).toBe('success')
  })

  it('refuses those that waited, since the Worker is held', () => {
    for (const [index, one] of queued.entries()) {
      expect(one, one.log).toMatchObject({ conclusion: 'success', ending: 'refused', reason: 'held' })
      expect(production.status(landed[index + 1]?.sha ?? '')).toMatchObject({ state: 'success', description: expect.stringContaining('hold') })
    }
  })

  it('leaves its target live when all have ended', () => {
    expect(production.live()).toBe(target)
    // The rollback's is the only deployment since.
    expect(production.platform.cloudflare.model.deployments(WORKER)).toHaveLength(found.deployments + 1)
    expectOrder(production)
  })
})
