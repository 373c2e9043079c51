import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodePayload } from '../../src/core/ledger.ts'
import type { FreezeWindow } from '../../src/core/freeze.ts'
import { beginLife, mainDeploys, personRollsBack, postGoesOn, type Life, type Run } from '../campaign/process.ts'
import { liveOf } from '../campaign/scenario.ts'
import { setStage, WORKER, type Stage } from '../campaign/stage.ts'

// What stops a deploy although nothing is wrong with it: a freeze, and a hold for as long as it lasts.

let stage: Stage
let baseline: string
beforeEach(async () => {
  stage = await setStage()
  baseline = liveOf(stage) ?? ''
})
afterEach(() => stage[Symbol.asyncDispose]())

const HOUR_MS = 3_600_000
const localTime = (ms: number) => new Date(ms).toISOString().slice(0, 16)
/** Minutes are the finest that a freeze has. */
const saleFrom = (fromMs: number): FreezeWindow => ({ kind: 'range', reason: 'the sale', timeZone: 'UTC', from: localTime(fromMs), to: localTime(fromMs + HOUR_MS) })

/** A tested commit and its run; the life's clock may have been set. */
async function deployNow(asked: Omit<Run, 'sha' | 'id'> = {}, life: Life = beginLife()) {
  const sha = stage.merge('healthy')
  const run = { sha, id: stage.startRun(sha), ...asked }
  const ending = await mainDeploys(stage, run, life)
  stage.github.model.updateRun(run.id, { status: 'completed', conclusion: 'success' })
  const [status] = stage.github.model.commitStatuses(sha)
  return { ending, run, status, log: life.log.join('\n') }
}

const uploads = () => stage.cloudflare.model.versions(WORKER).length

describe('a freeze', () => {
  it('refuses before anything is uploaded, says until when, and is nobody\'s failure', async () => {
    const before = uploads()
    const { ending, status, log } = await deployNow({ freeze: [saleFrom(Date.now() - 60_000)] })
    expect(ending).toEqual({ kind: 'refused', reason: 'frozen' })
    expect(uploads()).toBe(before)
    expect(status?.state).toBe('success')
    expect(log).toMatch(/A freeze stops deploys for now\. Seen: "the sale" until \d{4}-\d\d-\d\d \d\d:\d\d UTC\./)
  })

  it('is passed by a person with a reason, which the ledger and the summary keep', async () => {
    const { ending, run, log } = await deployNow({ freeze: [saleFrom(Date.now() - 60_000)], freezeOverride: 'the till is open to everybody' })
    expect(ending).toEqual({ kind: 'promoted' })
    const entry = stage.github.model.deployments().find(({ sha, task }) => sha === run.sha && task === `sleepwell/${WORKER}`)
    expect(decodePayload(entry?.payload)).toMatchObject({ freezeOverride: { actor: 'mona', reason: 'the till is open to everybody' } })
    expect(log).toMatch(/mona overrode the freeze "the sale" until .* UTC: the till is open to everybody/)
  })

  it('records no override where none is open', async () => {
    const { run, log } = await deployNow({ freeze: [saleFrom(Date.now() + 24 * HOUR_MS)], freezeOverride: 'to be sure' })
    const entry = stage.github.model.deployments().find(({ sha, task }) => sha === run.sha && task === `sleepwell/${WORKER}`)
    expect(decodePayload(entry?.payload)).not.toHaveProperty('freezeOverride')
    expect(log).not.toContain('overrode')
  })

  it('that begins during the rollout is told of beforehand, and brings the baseline back before the next step', async () => {
    const { life, freeze } = await shortlyBefore()
    const { ending, log } = await deployNow({ freeze }, life)
    expect(ending).toEqual({ kind: 'rolled-back', cause: 'frozen' })
    expect(liveOf(stage)).toBe(baseline)
    expect(log).toContain('A freeze begins before all steps can be through, and then the baseline comes back: "the sale"')
  })

  it('does not stop the way back of a rollout that was cancelled', async () => {
    const { life, freeze } = await shortlyBefore()
    const cancelAtFirstStep = (line: string) => {
      life.runner.log(line)
      if (/Read back: the candidate \(\w+\) at 1 %/.test(line)) life.stop.abort()
    }
    const { ending, run } = await deployNow({ freeze }, { ...life, runner: { ...life.runner, log: cancelAtFirstStep } })
    expect(ending).toBeUndefined()
    const post = beginLife(life.state)
    await post.clock.sleep(2 * 60)
    await postGoesOn(stage, { ...run, freeze }, post, 'cancelled')
    expect(liveOf(stage)).toBe(baseline)
    expect(post.outputs.get('ending')).toBe('rolled-back')
  })
})

/** Ten seconds before a freeze, which is less than the rollout takes. */
async function shortlyBefore(): Promise<{ readonly life: Life; readonly freeze: readonly FreezeWindow[] }> {
  const life = beginLife()
  const fromMs = Math.ceil(life.clock.now() / 60_000) * 60_000 + 60_000
  await life.clock.sleep((fromMs - 10_000 - life.clock.now()) / 1000)
  return { life, freeze: [saleFrom(fromMs)] }
}

/** A person goes back to the version before the newest, which puts a hold on the Worker; what the run said. */
async function goBack(): Promise<string> {
  expect((await deployNow()).ending).toEqual({ kind: 'promoted' })
  const good = liveOf(stage) ?? ''
  const { ending: second, run } = await deployNow()
  expect(second).toEqual({ kind: 'promoted' })
  const life = beginLife()
  const ending = await personRollsBack(stage, { sha: run.sha, id: stage.startRun(run.sha) }, good, life)
  expect(ending).toEqual({ kind: 'rolled-back', cause: 'by-hand' })
  return life.log.join('\n')
}

describe('the hold of a rollback', () => {
  it('stops deploys, and says whose it is, why and until when', async () => {
    const told = await goBack()
    expect(told).toMatch(/Deploys to production are on hold until .* UTC, or until released\./)
    const { ending, status, log } = await deployNow()
    expect(ending).toEqual({ kind: 'refused', reason: 'held' })
    expect(status?.state).toBe('success')
    expect(log).toMatch(/Held by ada until \d{4}-\d\d-\d\d \d\d:\d\d UTC, or until released: the outage is over/)
  })

  it('ends by itself', async () => {
    await goBack()
    const justBefore = beginLife()
    await justBefore.clock.sleep(72 * 3600 - 600)
    expect((await deployNow({}, justBefore)).ending).toEqual({ kind: 'refused', reason: 'held' })
    const after = beginLife()
    await after.clock.sleep(72 * 3600 + 1)
    expect((await deployNow({}, after)).ending).toEqual({ kind: 'promoted' })
  })

  it('stays when a deploy that names it is refused, and is lifted by one that goes ahead', async () => {
    await goBack()
    const refused = await deployNow({ releaseHold: true, freeze: [saleFrom(Date.now() - 60_000)] })
    expect(refused.ending).toEqual({ kind: 'refused', reason: 'frozen' })
    expect((await deployNow()).ending).toEqual({ kind: 'refused', reason: 'held' })
    expect((await deployNow({ releaseHold: true })).ending).toEqual({ kind: 'promoted' })
    expect((await deployNow()).ending).toEqual({ kind: 'promoted' })
  })
})
