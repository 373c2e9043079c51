import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wranglerByHand } from '../../sandbox/by-hand.ts'
import type { Actor } from '../../sandbox/github/tokens.ts'
import { githubActions } from '../../sandbox/github/tokens.ts'
import { expectOrder, openProduction, OPENING_MS, RUN_MS, WORKER, type Ended, type Landed, type Production } from './production.ts'

const OURS: Actor = { login: 'github-actions[bot]', app: githubActions }
const STRANGER: Actor = { login: 'eve', app: null }

describe('a rollback by hand', () => {
  let production: Production
  let first: string
  let second: Ended
  let regretted: Landed & Ended

  beforeAll(async () => {
    production = await openProduction()
    first = production.live()
    second = await deploy('Second version')
    regretted = await deploy('A version that somebody regrets')
  }, OPENING_MS)
  afterAll(() => production[Symbol.asyncDispose]())

  async function deploy(title: string): Promise<Landed & Ended> {
    const landed = production.land(title, 'good')
    return { ...landed, ...(await production.run({ workflow: 'deploy', sha: landed.sha })) }
  }

  function rollBack(inputs: { readonly version?: string; readonly release?: boolean; readonly 'dry-run'?: boolean } = {}): Promise<Ended> {
    const sha = production.platform.github.model.resolve('heads/main') ?? ''
    const asked = { reason: 'customers complain', version: '', commit: '', release: false, 'dry-run': false, ...inputs }
    return production.run({ workflow: 'rollback', sha, inputs: asked })
  }

  /** The newest promoted record, copied by somebody who would like another version to be restored. */
  function forge(versionId: string, change: { readonly by?: Actor; readonly task?: string; readonly payload?: Readonly<Record<string, unknown>> }): void {
    const { model } = production.platform.github
    const genuine = model.deployments().find((one) => one.task === `sleepwell/${WORKER}` && one.sha === regretted.sha)
    if (genuine === undefined || typeof genuine.payload === 'string') throw new Error('no record to forge from')
    const status = { state: 'success', description: `promoted ${versionId}: forged` } as const
    model.addDeployment(
      { ref: genuine.sha, task: change.task ?? genuine.task, environment: genuine.environment, payload: { ...genuine.payload, ...change.payload } },
      change.by ?? OURS,
      [status],
    )
  }

  it('refuses a version that does not exist, and changes nothing', async () => {
    const writes = production.platform.cloudflare.model.deployments(WORKER).length
    const refused = await rollBack({ version: '00000000-0000-4000-8000-000000000000' })
    expect(refused, refused.log).toMatchObject({ conclusion: 'failure', ending: 'refused', reason: 'unknown-target' })
    expect(production.platform.cloudflare.model.deployments(WORKER)).toHaveLength(writes)
    expect(production.ledger('sleepwell-hold')).toEqual([])
  }, RUN_MS)

  it('goes to the last known good version, whatever forged records say', async () => {
    const { model } = production.platform.github
    const uploaded = await wranglerByHand(production.platform, production.caller.repository.folder, ['versions', 'upload'])
    expect(uploaded.code, uploaded.output).toBe(0)
    const neverServed = production.platform.cloudflare.model.versions(WORKER)[0]?.id ?? ''
    const refused = await rollBack({ version: neverServed })
    expect(refused, refused.log).toMatchObject({ ending: 'refused', reason: 'unknown-target' })
    // The first version did serve everybody, so that nothing but the records' own trust speaks against it.
    forge(first, { by: STRANGER })
    forge(first, { task: 'deploy' })
    forge(first, { payload: { worker: 'another-worker' } })
    const branch = model.addWorkflowRun({ workflowPath: '.github/workflows/deploy.yml', headSha: regretted.sha, headBranch: 'feature', event: 'push', status: 'completed', conclusion: 'success' })
    forge(first, { payload: { runId: branch.id } })
    const fork = model.addWorkflowRun({ workflowPath: '.github/workflows/deploy.yml', headSha: regretted.sha, headRepository: 'eve/ferry', event: 'push', status: 'completed', conclusion: 'success' })
    forge(first, { payload: { runId: fork.id } })
    // And one that is trusted in every way, but for a version that never served anybody.
    forge(neverServed, {})
    const rolledBack = await rollBack()
    expect(rolledBack, rolledBack.log).toMatchObject({ conclusion: 'success', ending: 'rolled-back', reason: 'by-hand', versionId: second.versionId })
    expect(production.live()).toBe(second.versionId)
    expect(production.platform.world.violations).toEqual([])
  }, RUN_MS)

  it('records itself, and leaves a hold', () => {
    expect(production.ledger('sleepwell-rollback')[0]).toMatchObject({ state: 'success', description: expect.stringMatching(/^rolled-back/) })
    expect(production.ledger('sleepwell-hold').map(({ state }) => state)).toEqual(['in_progress'])
  })

  it('keeps deploys out, calmly, until the hold is released', async () => {
    const held = await deploy('Too early')
    expect(held, held.log).toMatchObject({ conclusion: 'success', ending: 'refused', reason: 'held' })
    expect(production.status(held.sha)?.state).toBe('success')
    expect(production.live()).toBe(second.versionId)
  }, RUN_MS)

  it('releases the hold, and the next deploy is promoted', async () => {
    const released = await rollBack({ release: true })
    expect(released, released.log).toMatchObject({ conclusion: 'success' })
    expect(production.live()).toBe(second.versionId)
    expect(production.ledger('sleepwell-hold').map(({ state }) => state)).toEqual(['inactive'])
    const next = await deploy('Mended')
    expect(next, next.log).toMatchObject({ conclusion: 'success', ending: 'promoted', baselineId: second.versionId })
    expect(production.live()).toBe(next.versionId)
    expectOrder(production)
  }, RUN_MS)

  it('never goes back to the version that was rolled back from', async () => {
    const planned = await rollBack({ 'dry-run': true })
    expect(planned.log).toContain(`goes back to ${second.versionId}`)
    expect(planned.log).not.toContain(`goes back to ${regretted.versionId}`)
  }, RUN_MS)
})
