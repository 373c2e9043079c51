import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wranglerByHand } from '../../sandbox/by-hand.ts'
import { createCaller, type Caller, type Landed } from '../../sandbox/caller.ts'
import type { FaultRule } from '../../sandbox/faults.ts'
import { startPlatform, type Platform } from '../../sandbox/platform.ts'
import type { RunResult } from '../../sandbox/runner/workflow.ts'
import { OPENING_MS, TOKEN } from './production.ts'
import { commitWorkspace, FOLDERS, scriptOf, STAGES } from './two-workers.ts'

const WORKERS = STAGES.flatMap((stage) => FOLDERS.map((folder) => ({ stage, folder, script: scriptOf(folder, stage) })))

describe('a workspace with two Workers in two environments, deployed at once', () => {
  let platform: Platform
  let caller: Caller
  let landed: Landed
  let runs: Readonly<Record<'production' | 'staging', RunResult>>
  const baselines = new Map<string, string>()

  beforeAll(async () => {
    platform = await startPlatform({ token: TOKEN })
    caller = await createCaller(platform, { environmentSecret: TOKEN, graceScale: 0.3 })
    await commitWorkspace(platform, caller, 'at first')
    for (const { stage, folder, script } of WORKERS) await putByHand(stage, folder, script)
    landed = await commitWorkspace(platform, caller, 'hello')
    caller.testsEnd(landed.sha, 'success')
    // Each rollout is under its lock when it uploads, and has read the comment when it is about to write it.
    meet(WORKERS.map(({ script }) => ({ service: 'cloudflare', method: 'POST', path: new RegExp(`/scripts/${script}/versions$`) })))
    meet(WORKERS.map(() => ({ service: 'github', method: 'GET', path: /\/issues\/\d+\/comments$/ })))
    const [production, staging] = await Promise.all([
      caller.start({ workflow: 'monorepo', sha: landed.sha }).finished,
      caller.start({ workflow: 'monorepo', file: 'monorepo-staging.yml', sha: landed.sha }).finished,
    ])
    runs = { production, staging }
  }, OPENING_MS)
  afterAll(async () => {
    caller[Symbol.dispose]()
    await platform[Symbol.asyncDispose]()
  })

  /** The first version, by a person with wrangler. */
  async function putByHand(stage: string, folder: string, script: string): Promise<void> {
    const at = join(caller.repository.folder, 'workers', folder)
    const health = `--alias=@team/health:${join(caller.repository.folder, 'packages/health/index.js')}`
    const put = await wranglerByHand(platform, at, ['deploy', health, `--env=${stage === 'production' ? '' : stage}`])
    if (put.code !== 0) throw new Error(put.output)
    baselines.set(script, liveOf(script))
  }

  /** None of these requests is answered before all have come. */
  function meet(requests: readonly Pick<FaultRule, 'service' | 'method' | 'path'>[]): void {
    const everybody = Promise.withResolvers<void>()
    let missing = requests.length
    const before = () => {
      missing -= 1
      if (missing === 0) everybody.resolve()
      return everybody.promise
    }
    platform.world.faults.push(...requests.map((request) => ({ ...request, fault: { kind: 'observe', before } as const })))
  }

  function liveOf(script: string): string {
    const split = platform.cloudflare.model.live(script)?.versions ?? []
    expect(split).toEqual([{ versionId: expect.any(String), percentage: 100 }])
    return split[0]?.versionId ?? ''
  }

  function rolloutOf({ stage, folder }: (typeof WORKERS)[number]) {
    const config = stage === 'production' ? `.github/sleepwell.${folder}.yml` : `.github/sleepwell.${folder}.${stage}.yml`
    return runs[stage].jobs[`deploy (workers/${folder}, ${config})`]
  }

  it('ends both runs well, without a broken contract', () => {
    for (const run of Object.values(runs)) expect(run.conclusion, [...run.errors, ...run.log].join('\n')).toBe('success')
    expect(platform.world.violations).toEqual([])
  })

  it.each(WORKERS)('promotes $script in $stage, and nothing but its own code', async (worker) => {
    const { script, folder, stage } = worker
    const outputs = rolloutOf(worker)?.outputs
    expect(outputs).toMatchObject({ ending: 'promoted', 'baseline-id': baselines.get(script), 'version-id': liveOf(script) })
    const answer = await fetch(`${await platform.edge.urlFor(script)}/`)
    expect(await answer.json()).toEqual({ status: 'pass', says: `${folder} hello`, stage })
    expect(answer.headers.get('x-version-id')).toBe(liveOf(script))
    const moves = platform.cloudflare.model.deployments(script).slice(0, 2).map(({ versions }) => versions.map(({ percentage }) => percentage))
    expect(moves).toEqual([[100], expect.arrayContaining([0, 100])])
  })

  it.each(WORKERS)('keeps one record and one status of its own for $script in $stage', ({ script, stage }) => {
    const { model } = platform.github
    const records = model.deployments().filter((one) => one.task === `sleepwell/${script}`)
    expect(records).toMatchObject([{ sha: landed.sha, environment: stage, payload: { worker: script, environment: stage } }])
    expect(model.statusesOf(records[0]?.id ?? 0)[0]).toMatchObject({ state: 'success', description: expect.stringContaining(`promoted ${liveOf(script)}`) })
    const statuses = model.commitStatuses(landed.sha).filter(({ context }) => context === `sleepwell/${stage}/${script}`)
    expect(statuses).toMatchObject([{ state: 'success', description: expect.stringMatching(/^promoted/) }])
  })

  it('hands each build over under a name of its own', () => {
    for (const stage of STAGES) {
      expect(runs[stage].artifacts.map(({ name }) => name).toSorted()).toEqual(FOLDERS.map((folder) => `sleepwell-${stage}-${scriptOf(folder, stage)}`).toSorted())
    }
    expect(new Set(Object.values(runs).flatMap((run) => run.artifacts.map(({ digest }) => digest))).size).toBe(WORKERS.length)
  })

  it('leaves every lock free', () => {
    for (const { stage, script } of WORKERS) {
      expect(caller.locks.read(`sleepwell/${platform.cloudflare.accountId}/${script}/${stage}`)).toEqual({ running: undefined, pending: [] })
    }
  })

  it('comments once on the pull request, with a section for each', () => {
    const comments = platform.github.model.comments(landed.pullRequest)
    expect(comments).toHaveLength(1)
    for (const { script, stage } of WORKERS) expect(comments[0]?.body).toContain(`### Promoted: \`${script}\` in \`${stage}\``)
  })
})
