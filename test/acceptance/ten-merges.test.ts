import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBarrier, endOf, expectOrder, openProduction, OPENING_MS, until, WORKER, type Ended, type Landed, type Production } from './production.ts'

/** Tests end when they end; those of the tenth merge end red. */
const TESTS_END = [3, 1, 2, 7, 5, 9, 10, 4, 8, 6] as const
const NEWEST_GREEN = 9

describe('ten merges during one rollout, whose tests end out of order', () => {
  let production: Production
  let rollingOut: Landed & Ended
  const merges = new Map<number, Landed & Ended>()
  let inQueue: number

  beforeAll(async () => {
    production = await openProduction()
    const { caller, platform } = production
    const start = (landed: Landed) => caller.start({ workflow: 'deploy', sha: landed.sha }).finished.then((result) => ({ ...landed, ...endOf(result) }))
    const lock = `sleepwell/${platform.cloudflare.accountId}/${WORKER}/production`

    const upload = createBarrier(platform.world, { service: 'cloudflare', method: 'POST', path: /\/versions$/ })
    upload.close()
    const first = start(production.land('The rollout that all of them meet', 'good'))
    await Promise.race([upload.reached, first])
    const landed = new Map(Array.from({ length: 10 }, (_, index) => [index + 1, production.land(`Merge ${index + 1}`, 'good', { tests: 'none' })]))
    const runs: Promise<unknown>[] = []
    for (const number of TESTS_END) {
      const next = landed.get(number)
      if (next === undefined) throw new Error(`there is no merge ${number}`)
      caller.testsEnd(next.sha, number === 10 ? 'failure' : 'success')
      const before = caller.locks.read(lock).pending.length
      const run = start(next).then((ended) => merges.set(number, ended))
      runs.push(run)
      // One after the other, as far as the lock: two cores could not build ten Workers at once.
      await until(() => caller.locks.read(lock).pending.length > before, run)
    }
    inQueue = caller.locks.read(lock).pending.length
    upload.open()
    rollingOut = await first
    await Promise.all(runs)
  }, OPENING_MS)
  afterAll(() => production[Symbol.asyncDispose]())

  function merge(number: number): Landed & Ended {
    const found = merges.get(number)
    if (found === undefined) throw new Error(`merge ${number} has not ended`)
    return found
  }

  it('lets the rollout that was under way end', () => {
    expect(inQueue).toBe(9)
    expect(rollingOut, rollingOut.log).toMatchObject({ conclusion: 'success', ending: 'promoted' })
  })

  it('ends with the newest green commit live', () => {
    const newest = merge(NEWEST_GREEN)
    expect(newest, newest.log).toMatchObject({ conclusion: 'success', ending: 'promoted', baselineId: rollingOut.versionId })
    expect(production.live()).toBe(newest.versionId)
    const live = production.platform.cloudflare.model.versions(WORKER).find(({ id }) => id === newest.versionId)
    expect(live?.tag).toBe(newest.sha)
  })

  it.each(TESTS_END.filter((number) => number < NEWEST_GREEN))('supersedes merge %i, calmly', (number) => {
    const older = merge(number)
    expect(older, older.log).toMatchObject({ conclusion: 'success', ending: 'refused', reason: 'superseded' })
    expect(production.status(older.sha)?.state).toBe('success')
  })

  it('refuses the merge whose tests are red, which supersedes nothing', () => {
    expect(merge(10), merge(10).log).toMatchObject({ conclusion: 'failure', ending: 'refused', reason: 'gate-failed' })
    expectOrder(production)
  })
})
