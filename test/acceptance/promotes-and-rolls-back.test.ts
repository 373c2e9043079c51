import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { wranglerByHand } from '../../sandbox/by-hand.ts'
import { startLoad } from '../../sandbox/load.ts'
import { expectOrder, normalised, openProduction, OPENING_MS, RUN_MS, type Ended, type Landed, type Production } from './production.ts'

const resultShape = z.looseObject({ schemaVersion: z.literal(1), ending: z.string(), sha: z.string(), versionId: z.string(), baselineId: z.string() })
const statusShape = z.looseObject({ versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })) })
const listShape = z.array(z.looseObject({ id: z.string() }))

describe('a deploy through the caller workflow', () => {
  let production: Production
  let first: string
  let good: Landed
  let promoted: Ended
  let bad: Landed
  let rolledBack: Ended
  let users: { readonly sent: number; readonly failed: number }

  beforeAll(async () => {
    production = await openProduction()
    first = production.live()
    good = production.land('Count visits faster', 'good')
    promoted = await production.run({ workflow: 'deploy', sha: good.sha })
    bad = production.land('Check keys more strictly', 'broken')
    production.platform.edge.resetCounts()
    const load = startLoad({ url: production.url, paths: ['/', '/api/count'], users: 3, pauseMs: 20 })
    rolledBack = await production.run({ workflow: 'deploy', sha: bad.sha })
    await load.stop()
    users = { sent: load.sent(), failed: load.failed() }
  }, OPENING_MS)
  afterAll(() => production[Symbol.asyncDispose]())

  async function wranglerSays<Shape>(args: readonly string[], shape: z.ZodType<Shape>): Promise<Shape> {
    const { code, output } = await wranglerByHand(production.platform, production.caller.repository.folder, args)
    expect(code, output).toBe(0)
    const seen: unknown = JSON.parse(output.slice(output.search(/[[{]/)))
    return shape.parse(seen)
  }

  it('promotes a good version, and says so on the commit and in the ledger', () => {
    expect(promoted, promoted.log).toMatchObject({ conclusion: 'success', ending: 'promoted', reason: '', baselineId: first })
    expect(production.status(good.sha)?.state).toBe('success')
    expect(production.ledger().find(({ sha }) => sha === good.sha)).toMatchObject({ state: 'success', description: expect.stringMatching(`^promoted ${promoted.versionId}`) })
  })

  it('stages it at 0 % before it gives it to everybody', () => {
    const [restored, staged, everybody, stage] = production.platform.cloudflare.model.deployments('sleepwell-example').map(({ versions }) => versions)
    const parts = (versions: typeof restored) => Object.fromEntries((versions ?? []).map(({ versionId, percentage }) => [versionId, percentage]))
    expect(parts(stage)).toEqual({ [promoted.versionId]: 0, [first]: 100 })
    expect(parts(everybody)).toEqual({ [promoted.versionId]: 100 })
    expect(parts(staged)).toEqual({ [rolledBack.versionId]: 0, [promoted.versionId]: 100 })
    expect(parts(restored)).toEqual({ [promoted.versionId]: 100 })
  })

  it('rolls a broken version back at 0 %, so that no user ever meets it', () => {
    expect(rolledBack, rolledBack.log).toMatchObject({ conclusion: 'failure', ending: 'rolled-back', reason: 'check-failed', baselineId: promoted.versionId })
    expect(users.sent).toBeGreaterThan(100)
    expect(users.failed).toBe(0)
    expect(production.usersOn(promoted.versionId)).toBeGreaterThan(100)
    expect(production.usersOn(rolledBack.versionId)).toBe(0)
    // The checks did reach it: otherwise the line above would prove nothing.
    expect(production.platform.edge.counts('sleepwell-example', 'overrides').find(({ versionId }) => versionId === rolledBack.versionId)?.requests).toBeGreaterThan(0)
    expect(production.live()).toBe(promoted.versionId)
    expect(production.status(bad.sha)?.state).toBe('failure')
    expect(production.ledger().find(({ sha }) => sha === bad.sha)).toMatchObject({ state: 'failure', description: expect.stringMatching(/^rolled-back/) })
  })

  it('gives ids that the real wrangler confirms', async () => {
    const status = await wranglerSays(['deployments', 'status', '--json'], statusShape)
    expect(status.versions).toEqual([{ version_id: promoted.versionId, percentage: 100 }])
    const versions = await wranglerSays(['versions', 'list', '--json'], listShape)
    expect(versions.map(({ id }) => id)).toEqual(expect.arrayContaining([first, promoted.versionId, rolledBack.versionId]))
    const told: unknown = JSON.parse(rolledBack.result.jobs['deploy']?.outputs['result'] ?? '{}')
    expect(resultShape.parse(told)).toMatchObject({ ending: 'rolled-back', sha: bad.sha, versionId: rolledBack.versionId, baselineId: promoted.versionId })
  }, RUN_MS)

  it('comments once on each merged pull request', () => {
    const { model } = production.platform.github
    expect(model.comments(good.pullRequest).map(({ body }) => body)).toEqual([expect.stringContaining('Promoted')])
    expect(model.comments(bad.pullRequest).map(({ body }) => body)).toEqual([expect.stringContaining('Rolled back')])
  })

  it('tells the story in its summary', async () => {
    const names = { first, good: good.sha, 'good-version': promoted.versionId, bad: bad.sha, 'bad-version': rolledBack.versionId }
    await expect(normalised(promoted.result.summaries.join('\n---\n'), names)).toMatchFileSnapshot('__snapshots__/promoted.md')
    await expect(normalised(rolledBack.result.summaries.join('\n---\n'), names)).toMatchFileSnapshot('__snapshots__/rolled-back.md')
  })

  it('updates its comment in place when the same commit is deployed again', async () => {
    const again = await production.run({ workflow: 'deploy', sha: bad.sha })
    expect(again, again.log).toMatchObject({ ending: 'rolled-back' })
    const comments = production.platform.github.model.comments(bad.pullRequest)
    expect(comments).toHaveLength(1)
    expect(comments[0]?.body).toContain(again.versionId)
    expect(comments[0]?.body).not.toContain(rolledBack.versionId)
  }, RUN_MS)

  it('leaves no contract broken and no record open', () => {
    expectOrder(production)
  })
})
