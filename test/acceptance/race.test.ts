import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endOf, expectOrder, openProduction, OPENING_MS, WORKER, type Ended, type Production } from './production.ts'

const WRITE = { service: 'cloudflare', method: 'POST', path: /\/deployments$/ } as const

/** What happened to one deploy and one rollback, each of which had read production before the other one wrote. */
interface Race extends AsyncDisposable {
  readonly production: Production
  readonly target: string
  readonly candidate: string
  readonly deploy: Ended
  readonly rollback: Ended
  /** Who served everybody after each write, oldest first, from the stage on. */
  readonly writes: readonly string[]
}

/** The rollback starts in the moment of the deploy's promotion; who is to write last waits for the other one's write. */
async function race(last: 'deploy' | 'rollback'): Promise<Race> {
  const production = await openProduction()
  const target = production.live()
  const { caller, platform } = production
  await production.run({ workflow: 'deploy', sha: production.land('A version that somebody regrets', 'good').sha })
  const landed = production.land('Meet the rollback', 'good')
  const before = platform.cloudflare.model.deployments(WORKER).length
  const [arrived, deployWrote, rollbackWrote] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const inputs = { reason: 'customers complain', version: '', commit: '', release: false, 'dry-run': false }
  let rollback: Promise<Ended> | undefined
  // The stage is the first write, the promotion the second one: the deploy has read production and the hold.
  const promotion = async () => {
    platform.world.faults.push({
      ...WRITE,
      fault: {
        kind: 'observe',
        before() {
          arrived.resolve()
          return last === 'rollback' ? deployWrote.promise : undefined
        },
        after: () => rollbackWrote.resolve(),
      },
    })
    rollback = production.run({ workflow: 'rollback', sha: landed.sha, inputs })
    await Promise.race([last === 'deploy' ? rollbackWrote.promise : arrived.promise, rollback])
  }
  const promoted = () => {
    // What the deploy reads back is what the rollback has made of it.
    if (last === 'rollback') platform.world.faults.push({ ...WRITE, method: 'GET', fault: { kind: 'observe', before: () => rollbackWrote.promise } })
    deployWrote.resolve()
  }
  platform.world.faults.push({ ...WRITE, skip: 1, fault: { kind: 'observe', before: promotion, after: promoted } })
  const deploy = endOf(await caller.start({ workflow: 'deploy', sha: landed.sha }).finished)
  if (rollback === undefined) throw new Error(`the deploy never came to its promotion: ${deploy.log}`)
  return {
    production,
    target,
    candidate: deploy.versionId,
    deploy,
    rollback: await rollback,
    writes: platform.cloudflare.model.deployments(WORKER).toReversed().slice(before + 1).map(({ versions }) => versions.map(({ versionId }) => versionId).join('+')),
    [Symbol.asyncDispose]: () => production[Symbol.asyncDispose](),
  }
}

describe('a rollback and a deploy that had both read before either of them wrote', () => {
  let late: Readonly<Record<'deploy' | 'rollback', Race>>

  beforeAll(async () => {
    const [deploy, rollback] = await Promise.all([race('deploy'), race('rollback')])
    late = { deploy, rollback }
  }, OPENING_MS)
  afterAll(async () => {
    await late.deploy[Symbol.asyncDispose]()
    await late.rollback[Symbol.asyncDispose]()
  })

  it('really wrote in the order that each test is about', () => {
    expect(late.deploy.writes.slice(0, 2)).toEqual([late.deploy.target, late.deploy.candidate])
    expect(late.rollback.writes.slice(0, 2)).toEqual([late.rollback.candidate, late.rollback.target])
  })

  it.each(['deploy', 'rollback'] as const)('leave the target live when the %s writes last', (last) => {
    const { production, target, deploy, rollback } = late[last]
    expect(production.live()).toBe(target)
    expect(rollback, rollback.log).toMatchObject({ conclusion: 'success', ending: 'rolled-back', reason: 'by-hand', versionId: target })
    expect(deploy, deploy.log).toMatchObject({ conclusion: 'success', ending: 'yielded' })
    expectOrder(production)
  })

  it('give the target back at once when the deploy wrote over it', () => {
    const { target, writes } = late.deploy
    expect(writes.slice(2)).not.toEqual([])
    expect(new Set(writes.slice(2))).toEqual(new Set([target]))
  })

  it('need no third write when the rollback wrote over the deploy', () => {
    expect(late.rollback.writes).toHaveLength(2)
  })
})
