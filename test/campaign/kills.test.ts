import { expect, it } from 'vitest'
import { nameOf, trapFor, type Call } from './calls.ts'
import { beginLife, mainDeploys, postGoesOn, recoverGoesOn } from './process.ts'
import { deployNext, endingInLedger, ENDS, faultsIn, HEALTHS, liveOf, openEntries, rehearse, setScene, untruthsOf, type Scene } from './scenario.ts'
import type { Health } from './stage.ts'
import { forEach, openTally, pairUp, type Pair } from './tally.ts'

// A process that dies right before or right after a call, or is cancelled there, and what the others then make of it.
// About 270 cases by default, 1,270 with CAMPAIGN=full.

const deaths = ['killed before', 'killed after', 'cancelled'] as const
const ways = ['post', 'recover'] as const

const ends = deaths.flatMap((death) => ways.map((way) => ({ death, way })))
type Case = Pair<Call, (typeof ends)[number]>

it.each(HEALTHS)('the run of a %s candidate may end at any call: post and recover finish it', { timeout: 600_000 }, async (health: Health) => {
  const { calls } = await rehearse(health)
  const tally = openTally()
  const cases = pairUp(calls, ends, health === 'healthy' ? 2 : 1)
  await forEach({ cases, tally, nameOf: ({ call, trouble }) => `${nameOf(call)}, ${trouble.death}, ${trouble.way}` }, async (one) => {
    await using scene = await setScene(health)
    const complaints = await endEarly(scene, one)
    const ending = endingInLedger(scene)
    tally.count(`${one.trouble.death}, ${one.trouble.way}`, ending ?? (openEntries(scene.stage).length > 0 ? 'open' : 'no entry'))
    complaints.push(...faultsIn(scene), ...(ending === undefined ? [] : untruthsOf(scene, ending)))
    if (ending === undefined && liveOf(scene.stage) !== scene.baseline) complaints.push('no entry tells how it ended, and the baseline is not live')
    // Whoever finds the triggers half applied cannot know which of them are: only there a person must look.
    const mayStrand = one.call.method === 'PATCH' && one.trouble.way === 'post'
    if (ending === 'stranded' && !mayStrand) complaints.push('it says that a person must act')
    if (ENDS[health].kind !== 'promoted' && ending === 'promoted') complaints.push(`a version that is ${health} was promoted`)
    if (openEntries(scene.stage).length > 0) complaints.push('an entry was left open')
    scene.stage.github.model.updateRun(scene.run.id, { status: 'completed', conclusion: 'failure' })
    const next = await deployNext(scene.stage)
    if (next?.kind !== 'promoted') complaints.push(`the next deploy ended ${JSON.stringify(next)}`)
    if (openEntries(scene.stage).length > 0) complaints.push('the next deploy left an entry open')
    return complaints
  })
  tally.finish(`Cut off at each call, ${health} candidate`)
})

async function endEarly(scene: Scene, { call, trouble: { death, way } }: Case): Promise<string[]> {
  const { stage, run } = scene
  const main = beginLife()
  const isCancel = death === 'cancelled'
  const trap = isCancel
    ? trapFor(call, { kind: 'observe' }, () => main.stop.abort())
    : trapFor(call, { kind: death === 'killed before' ? 'dropped' : 'reply-lost' }, () => main.die())
  stage.world.faults.push(trap)
  await Promise.race([mainDeploys(stage, run, main), main.buried])
  const complaints = main.isDead() === isCancel || trap.times !== 0 ? ['the call at which it was to end never came'] : []
  if (way === 'post') await postGoesOn(stage, run, beginLife(main.state), isCancel ? 'cancelled' : 'run-died')
  const said = await recoverGoesOn(stage, run, beginLife())
  if (said !== undefined) complaints.push(...untruthsOf(scene, said.ending.kind))
  return complaints
}

it('a dead process does nothing more', async () => {
  const life = beginLife()
  life.die()
  life.runner.saveState('journal', 'x')
  expect(life.state.size).toBe(0)
})
