import { expect, it } from 'vitest'
import { FAULTS, nameOf, ruleFor } from './calls.ts'
import { beginLife, mainDeploys } from './process.ts'
import { ENDS, faultsIn, HEALTHS, openEntries, rehearse, setScene, untoldIn, untruthsOf } from './scenario.ts'
import type { Health } from './stage.ts'
import { forEach, openTally, pairUp } from './tally.ts'

// About 270 cases by default, 1,270 with CAMPAIGN=full: a healthy candidate's every step, and three that go back.

it.each(HEALTHS)('a fault that passes changes no ending of a %s candidate, on whichever call', { timeout: 600_000 }, async (health: Health) => {
  const { calls, ending: expected } = await rehearse(health)
  expect(expected).toEqual(ENDS[health])
  const tally = openTally()
  const cases = pairUp(calls, Object.entries(FAULTS), health === 'healthy' ? 2 : 1)
  await forEach({ cases, tally, nameOf: ({ call, trouble: [fault] }) => `${nameOf(call)}, ${fault}` }, async ({ call, trouble: [fault, make] }) => {
    await using scene = await setScene(health)
    const { world } = scene.stage
    const rule = ruleFor(call, make(call.service))
    world.faults.push(rule)
    const life = beginLife()
    const ending = await mainDeploys(scene.stage, scene.run, life)
    tally.count(fault, ending?.kind ?? 'stopped')
    const complaints = faultsIn(scene)
    if (rule.times !== 0) complaints.push('the fault never came')
    if (JSON.stringify(ending) !== JSON.stringify(expected)) complaints.push(`ended ${JSON.stringify(ending)}`)
    complaints.push(...untruthsOf(scene, ending?.kind ?? 'stopped'), ...untoldIn(scene, expected))
    if (openEntries(scene.stage).length > 0) complaints.push('its entry was left open')
    if (life.outputs.get('ending') !== ending?.kind) complaints.push('its output says another ending')
    return complaints
  })
  tally.finish(`One passing fault, ${health} candidate`)
})
