import { expect, it } from 'vitest'
import { FAULTS, nameOf, ruleFor } from './calls.ts'
import { beginLife, mainDeploys } from './process.ts'
import { faultsIn, openEntries, rehearse, setScene, untoldIn, untruthsOf, type Health } from './scenario.ts'
import { forEach, openTally } from './tally.ts'

it.each(['healthy', 'broken'] as const)('a fault that passes changes no ending of a %s candidate, on whichever call', { timeout: 600_000 }, async (health: Health) => {
  const { calls, ending: expected } = await rehearse(health)
  expect(expected.kind).toBe(health === 'healthy' ? 'promoted' : 'rolled-back')
  const tally = openTally()
  const cases = calls.flatMap((call) => Object.entries(FAULTS).map(([fault, make]) => ({ call, fault, make })))
  await forEach({ cases, tally, nameOf: ({ call, fault }) => `${nameOf(call)}, ${fault}` }, async ({ call, fault, make }) => {
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
