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
  /** Who served everybody after each write behind the stage, oldest first, and whose write it was. */
  readonly writes: readonly { readonly live: string; readonly by: 'deploy' | 'rollback' }[]
}

/** The rollback starts in the moment of the deploy's promotion; who is to write last waits for the other one's write. */
async function race(last: 'deploy' | 'rollback'): Promise<Race> {
  const production = await openProduction()
  const target = production.live()
  const { caller, platform } = production
  await production.run({ workflow: 'deploy', sha: production.land('A version that somebody regrets', 'good').sha })
  const landed = production.land('Meet the rollback', 'good')
  const before = platform.cloudflare.model.deployments(WORKER).length
  const [arrived, deployWrote, rollbackWrote, rollbackReadBack] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
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
        after() {
          rollbackWrote.resolve()
          // Else the rollback would find the deploy's write where it expects its own, and simply write again.
          if (last === 'deploy') platform.world.faults.push({ ...WRITE, method: 'GET', fault: { kind: 'observe', after: () => rollbackReadBack.resolve() } })
        },
      },
    })
    rollback = production.run({ workflow: 'rollback', sha: landed.sha, inputs })
    await Promise.race([last === 'deploy' ? rollbackReadBack.promise : arrived.promise, rollback])
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
    writes: platform.cloudflare.model.deployments(WORKER).toReversed().slice(before + 1).map(({ versions, annotations }) => ({
      live: versions.map(({ versionId }) => versionId).join('+'),
      by: annotations['workers/message']?.includes('rollback') === true ? 'rollback' : 'deploy',
    })),
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
    const { deploy, rollback } = late
    expect(deploy.writes.slice(0, 2)).toEqual([{ live: deploy.target, by: 'rollback' }, { live: deploy.candidate, by: 'deploy' }])
    expect(rollback.writes.slice(0, 2)).toEqual([{ live: rollback.candidate, by: 'deploy' }, { live: rollback.target, by: 'rollback' }])
  })

  it.each(['deploy', 'rollback'] as const)('leave the target live when the %s writes last', (last) => {
    const { production, target, deploy } = late[last]
    expect(production.live()).toBe(target)
    expect(deploy, deploy.log).toMatchObject({ conclusion: 'success', ending: 'yielded' })
    expectOrder(production)
  })

  const expectRolledBack = ({ target, rollback }: Race) =>
    expect(rollback, rollback.log).toMatchObject({ conclusion: 'success', ending: 'rolled-back', reason: 'by-hand', versionId: target })

  it('end rolled back when the rollback writes last', () => expectRolledBack(late.rollback))

  // What the deploy has put back is the target, yet the rollback takes it for a deploy's and asserts itself in vain.
  it('end rolled back when the deploy writes last', () => expectRolledBack(late.deploy))

  it('have the deploy itself put the target back when it wrote over it', () => {
    expect(late.deploy.writes.slice(2)).toEqual([{ live: late.deploy.target, by: 'deploy' }])
  })

  it('need no third write when the rollback wrote over the deploy', () => {
    expect(late.rollback.writes).toHaveLength(2)
  })
})
