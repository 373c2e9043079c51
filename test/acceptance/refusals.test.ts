import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectOrder, openProduction, OPENING_MS, RUN_MS, WORKER, type Ended, type Landed, type Production } from './production.ts'

describe('a deploy that must not go ahead', () => {
  let production: Production
  let first: string
  let firstRequest: number

  beforeAll(async () => {
    production = await openProduction()
    first = production.live()
  }, OPENING_MS)
  beforeEach(() => {
    firstRequest = production.platform.world.requests.length
  })
  afterAll(() => production[Symbol.asyncDispose]())

  async function deploy(landed: Landed, run: { readonly environmentSecret?: string } = {}): Promise<Ended> {
    return production.run({ workflow: 'deploy', sha: landed.sha, ...run })
  }

  /** Requests since this test began that change something, as `METHOD path`. */
  function writes(service: 'cloudflare' | 'github'): readonly string[] {
    return production.platform.world.requests
      .slice(firstRequest)
      .filter((request) => request.service === service && request.method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`)
  }

  /** Gives everybody a version, as somebody does in the dashboard. */
  async function deployByHand(versions: string | readonly { readonly versionId: string; readonly percentage: number }[]): Promise<void> {
    await production.platform.cloudflare.model.deployByHand(WORKER, versions)
  }

  it('is refused when its tests are red', async () => {
    const red = await deploy(production.land('Break a test', 'good', { tests: 'failure' }))
    expect(red, red.log).toMatchObject({ conclusion: 'failure', ending: 'refused', reason: 'gate-failed' })
    expect(writes('cloudflare')).toEqual([])
    expect(production.live()).toBe(first)
  }, RUN_MS)

  it('is refused when nobody ran its tests', async () => {
    const absent = await deploy(production.land('Skip the tests', 'good', { tests: 'none', with: { 'gate-timeout-minutes': '0.05' } }))
    expect(absent, absent.log).toMatchObject({ conclusion: 'failure', ending: 'refused', reason: 'gate-absent' })
    expect(writes('cloudflare')).toEqual([])
  }, RUN_MS)

  it('is refused before anything changes when the token came through empty', async () => {
    const empty = await deploy(production.land('Forget the token', 'good'), { environmentSecret: '' })
    expect(empty, empty.log).toMatchObject({ conclusion: 'failure', ending: 'refused', reason: 'token-missing' })
    expect(writes('cloudflare')).toEqual([])
    expect(writes('github')).toEqual([])
  }, RUN_MS)

  it('only tells its plan in a dry run', async () => {
    const dry = await deploy(production.land('Rehearse', 'good', { with: { 'dry-run': 'true' } }))
    expect(dry, dry.log).toMatchObject({ conclusion: 'success', ending: 'refused', reason: 'dry-run' })
    expect([...writes('cloudflare'), ...writes('github')]).toEqual([])
    expect(dry.result.summaries.join('\n')).toContain(`stage it at 0 % beside ${first}`)
    expect(production.live()).toBe(first)
  }, RUN_MS)

  it("is refused while production is split by somebody else, and leaves the split alone", async () => {
    const uploaded = await deploy(production.land('A version to split with', 'good'))
    expect(uploaded, uploaded.log).toMatchObject({ ending: 'promoted' })
    const theirs = [{ versionId: first, percentage: 40 }, { versionId: uploaded.versionId, percentage: 60 }]
    await deployByHand(theirs)
    const split = production.land('Into the split', 'good')
    const refused = await deploy(split)
    expect(refused, refused.log).toMatchObject({ conclusion: 'failure', ending: 'refused', reason: 'production-split' })
    expect(production.status(split.sha)?.state).toBe('failure')
    expect(production.split()).toEqual(theirs)
  }, RUN_MS)

  it('is refused after a change around CI, if the team wants that', async () => {
    await deployByHand(first)
    const drifted = production.land('After a laptop', 'good', { with: { drift: 'refuse' } })
    const refused = await deploy(drifted)
    expect(refused, refused.log).toMatchObject({ conclusion: 'failure', ending: 'refused', reason: 'drift' })
    expect(refused.log).toContain('someone@example.com')
    expect(production.live()).toBe(first)
  }, RUN_MS)

  it('only warns of a change around CI otherwise', async () => {
    const warned = await deploy(production.land('After a laptop, with a warning', 'good'))
    expect(warned, warned.log).toMatchObject({ conclusion: 'success', ending: 'promoted', baselineId: first })
    expect(warned.result.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message)).toContainEqual(expect.stringContaining('around CI'))
  }, RUN_MS)

  it('yields to whoever deploys between its stage and its promotion', async () => {
    const landed = production.land('Meet a colleague', 'good')
    const { world } = production.platform
    // After the stage, production is read back, and read again when the checks have passed.
    const arrives = { service: 'cloudflare', method: 'GET', path: /\/deployments$/, skip: 1, fault: { kind: 'observe', before: () => deployByHand(first) } } as const
    world.faults.push({ service: 'cloudflare', method: 'POST', path: /\/deployments$/, fault: { kind: 'observe', after: () => void world.faults.push({ ...arrives }) } })
    const yielded = await deploy(landed)
    expect(yielded, yielded.log).toMatchObject({ conclusion: 'failure', ending: 'yielded', reason: 'foreign' })
    expect(production.live()).toBe(first)
    // Theirs is the newest deployment: nothing was written over it.
    expect(production.platform.cloudflare.model.live(WORKER)?.source).toBe('dash')
    expect(production.status(landed.sha)?.state).toBe('failure')
    expectOrder(production)
  }, RUN_MS)

  it('puts back what it wrote over when somebody deploys in the very moment of its promotion', async () => {
    const landed = production.land('Meet a colleague in the doorway', 'good')
    production.platform.world.faults.push({ service: 'cloudflare', method: 'POST', path: /\/deployments$/, skip: 1, fault: { kind: 'observe', before: () => deployByHand(first) } })
    const yielded = await deploy(landed)
    expect(yielded, yielded.log).toMatchObject({ conclusion: 'failure', ending: 'yielded', reason: 'foreign' })
    expect(production.live()).toBe(first)
    expectOrder(production)
  }, RUN_MS)

  it('is superseded, calmly, when a newer commit is live', async () => {
    const older = production.land('Older', 'good')
    const newer = await deploy(production.land('Newer', 'good'))
    expect(newer, newer.log).toMatchObject({ ending: 'promoted' })
    const late = await deploy(older)
    expect(late, late.log).toMatchObject({ conclusion: 'success', ending: 'refused', reason: 'superseded' })
    expect(production.status(older.sha)?.state).toBe('success')
    expect(production.live()).toBe(newer.versionId)
    expectOrder(production)
  }, RUN_MS)
})
