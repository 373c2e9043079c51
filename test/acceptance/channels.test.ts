import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openExample, type ExampleProduction } from './example-deploys.ts'
import { OPENING_MS } from './production.ts'

// One bug for each channel of the example Worker: the report names that channel and no other, and the old version
// comes back. The same bug in the baseline is nobody's fault, and a fix can ship.

const RUN_MS = 300_000
const STAGE = 'Candidate at 0 %'

/** The switch of each bug, and the checks that may speak of it. */
const CHANNELS: readonly (readonly [string, readonly string[]])[] = [
  ['http', ['api']],
  ['websocket', ['socket']],
  ['telegram', ['telegram/update accepted', 'health/telegram:check']],
  ['discord', ['discord/interactions guarded', 'health/discord:guard', 'health/discord:verify']],
  ['slack', ['slack/events verified', 'health/slack:check']],
  ['admin', ['admin//admin/console.00000000.js', 'health/admin:assets']],
  ['r2', ['health/r2:list']],
  ['kv', ['health/kv:get']],
]

describe('a bug that breaks one channel', () => {
  let example: ExampleProduction
  let good: string
  /** A candidate that was rolled back. */
  let broken = ''

  beforeAll(async () => {
    example = await openExample()
    good = (await example.deploy()).result.versionId
    expect(example.production.live()).toBe(good)
  }, OPENING_MS)
  afterAll(() => example[Symbol.asyncDispose]())

  it.each(CHANNELS)('%s: is named alone, and no user meets it', async (bug, speakers) => {
    const { result, log, round } = await example.deploy({ broken: bug })
    const named = round(STAGE).filter(({ standing }) => standing !== 'passed' && standing !== 'unproven').map(({ name }) => name)
    expect(named.length, log).toBeGreaterThan(0)
    expect(speakers, log).toEqual(expect.arrayContaining(named))
    expect(result.ending, log).toBe('rolled-back')
    expect(example.production.live()).toBe(good)
    expect(example.production.usersOn(result.versionId)).toBe(0)
    broken = result.versionId
  }, RUN_MS)

  it('is not blamed on a candidate whose baseline has it too, whichever channel it is', async () => {
    const all = CHANNELS.map(([bug]) => bug).join(',')
    await example.putLive((await example.deploy({ broken: all })).result.versionId)
    const { result, log, round, summary } = await example.deploy({ broken: all })
    expect(result.ending, log).toBe('promoted')
    const named = new Set(round(STAGE).filter(({ standing }) => standing === 'pre-existing').map(({ name }) => name))
    for (const [bug, speakers] of CHANNELS) expect(speakers.some((name) => named.has(name)), `${bug}: ${[...named].join(', ')}`).toBe(true)
    expect(round(STAGE).filter(({ standing }) => standing === 'regressed')).toEqual([])
    expect(summary).toContain('already so before')
    expect(example.production.live()).toBe(result.versionId)
  }, RUN_MS)

  it('is mended by a candidate, and that is said', async () => {
    await example.putLive(broken)
    const { result, log, round, summary } = await example.deploy()
    expect(result.ending, log).toBe('promoted')
    expect(round(STAGE).filter(({ standing }) => standing === 'fixed').map(({ name }) => name)).toEqual(['health/kv:get'])
    expect(summary).toContain('fixed by this version')
    good = result.versionId
  }, RUN_MS)

  it('inside a Durable Object shows once the object runs the candidate, and is taken back', async () => {
    const { result, log, round, summary } = await example.deploy({ broken: 'object', withObject: true })
    expect(result.ending, log).toBe('rolled-back')
    expect(summary).toMatch(/\*\*Exposure:\*\* .?100 % of requests, from `[\d:]+` to `[\d:]+` UTC .*First seen in .?"Candidate at 100 %"/)
    // The override header does not choose an object's version: at 0 % there was nothing to see.
    expect(round(STAGE).filter(({ standing }) => standing === 'regressed')).toEqual([])
    const named = round('Candidate at 100 %').filter(({ standing }) => standing === 'regressed').map(({ name }) => name)
    expect(named.length, log).toBeGreaterThan(0)
    expect(['api', 'health/counter:call']).toEqual(expect.arrayContaining(named))
    expect(example.production.live()).toBe(good)
  }, RUN_MS)

  it('leaves no contract broken, and nobody was sent a message', () => {
    const { world, chat } = example.production.platform
    expect(world.violations).toEqual([])
    expect(chat.messages()).toEqual([])
  })
})
