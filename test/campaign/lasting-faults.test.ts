import { it } from 'vitest'
import type { FaultRule } from '../../sandbox/faults.ts'
import type { Ending } from '../../src/core/ending.ts'
import { FAULTS, isWrite, nameOf, ruleFor, type Call } from './calls.ts'
import { beginLife, mainDeploys, personRollsBack, recoverGoesOn } from './process.ts'
import { deployNext, endingInLedger, faultsIn, HEALTHS, liveOf, openEntries, rehearse, setScene, untruthsOf, type Scene } from './scenario.ts'
import type { Health } from './stage.ts'
import { forEach, openTally, pairUp } from './tally.ts'

// From one call on nothing like it is answered any more, or its whole service is down; later all is well again.
// About 95 cases by default, 610 with CAMPAIGN=full.

const FOR_EVER = Number.MAX_SAFE_INTEGER
const reaches = ['this write', 'its service'] as const

it.each(HEALTHS)('a fault that lasts keeps a %s candidate from no truth, and the next run closes what it left', { timeout: 600_000 }, async (health: Health) => {
  const { calls } = await rehearse(health)
  const tally = openTally()
  const troubles = Object.entries(FAULTS)
    .filter(([fault]) => fault !== 'delay')
    .flatMap(([fault, make]) => reaches.map((reach) => ({ fault, make, reach })))
  const cases = pairUp(calls.filter(isWrite), troubles, health === 'healthy' ? 3 : 1)
  await forEach({ cases, tally, nameOf: ({ call, trouble: { fault, reach } }) => `${nameOf(call)}, ${fault}, ${reach}` }, async ({ call, trouble: { fault, make, reach } }) => {
    await using scene = await setScene(health)
    const { stage, run } = scene
    lastFrom(stage.world.faults, ruleFor(call, make(call.service), FOR_EVER), reach === 'its service' ? call : undefined)
    const main = beginLife()
    const ending = await mainDeploys(stage, run, main)
    const complaints: string[] = []
    // Checked with the fault still there: an ending must be true when it is told, or say that nobody knows.
    complaints.push(...untruthsOf(scene, ending?.kind ?? 'stopped'))
    if (main.outputs.get('ending') !== ending?.kind) complaints.push('its output says another ending')
    stage.world.faults.length = 0
    await recoverGoesOn(stage, run, beginLife())
    stage.github.model.updateRun(run.id, { status: 'completed', conclusion: 'failure' })
    const inLedger = endingInLedger(scene)
    tally.count(`${fault}, ${reach}`, `${ending?.kind ?? 'stopped'}${openEntries(stage).length > 0 ? ', open' : ''}`)
    if (inLedger !== undefined) complaints.push(...untruthsOf(scene, inLedger))
    const next = await deployNext(stage)
    if (isSplitRefusal(next) && ending?.kind === 'stranded') complaints.push(...(await mendByHand(scene)))
    else if (next?.kind !== 'promoted') complaints.push(`ended ${JSON.stringify(ending)}; the next deploy ended ${JSON.stringify(next)}`)
    if (openEntries(stage).length > 0) complaints.push('the next deploy left an entry open')
    return [...complaints, ...faultsIn(scene)]
  })
  tally.finish(`Lasting faults, ${health} candidate`)
})

/** `its service`: once the call has come, every call of its service fails like it. */
function lastFrom(faults: FaultRule[], rule: FaultRule, service: Call | undefined): void {
  if (service === undefined) {
    faults.push(rule)
    return
  }
  const { fault } = rule
  faults.push({
    ...rule,
    get fault() {
      faults.push({ service: service.service, fault, times: FOR_EVER })
      return fault
    },
    times: 1,
  })
}

const isSplitRefusal = (ending: Ending | undefined): boolean => ending?.kind === 'refused' && ending.reason === 'production-split'

/** What was said to need a person: the baseline serves all the same, and the person's one act mends it. */
async function mendByHand(scene: Scene): Promise<string[]> {
  const { stage, run, baseline } = scene
  const complaints = liveOf(stage) === baseline ? [] : ['the baseline is not live']
  const rolledBack = await personRollsBack(stage, { sha: run.sha, id: stage.startRun(run.sha) }, baseline)
  if (rolledBack.kind !== 'rolled-back') complaints.push(`a person's rollback ended ${JSON.stringify(rolledBack)}`)
  const next = await deployNext(stage, { releaseHold: true })
  if (next?.kind !== 'promoted') complaints.push(`after a person's rollback the next deploy ended ${JSON.stringify(next)}`)
  return complaints
}
