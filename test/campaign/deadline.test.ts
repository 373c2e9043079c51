import { expect, it } from 'vitest'
import { beginLife, mainDeploys } from './process.ts'
import { faultsIn, liveOf, setScene } from './scenario.ts'
import { WORKER } from './stage.ts'

// The deadline by the clock, in dreamt time: 10 % comes after 18 s, everybody after 50, and the watch ends after 66.

it.each([
  ['before the stage, where it refuses', 0, { kind: 'refused', reason: 'deadline' }, []],
  ['while a tenth of the users is watched, which goes back', 27, { kind: 'rolled-back', cause: 'deadline' }, [0, 1, 10]],
  ['while everybody is watched, which goes on to its end', 58, { kind: 'promoted' }, [0, 1, 10, 100]],
] as const)('passes %s', { timeout: 60_000 }, async (_, deadlineSeconds, ending, shares) => {
  await using scene = await setScene('healthy')
  const { stage, run, baseline } = scene
  const before = stage.cloudflare.model.deployments(WORKER).length
  expect(await mainDeploys(stage, { ...run, deadlineSeconds }, beginLife())).toEqual(ending)
  const written = stage.cloudflare.model.deployments(WORKER).toReversed().slice(before)
  const given = written.flatMap(({ versions }) => (versions.length === 1 && versions[0]?.versionId === baseline ? [] : [versions[0]?.percentage]))
  expect(given).toEqual(shares)
  expect(liveOf(stage) === baseline).toBe(ending.kind !== 'promoted')
  expect(faultsIn(scene)).toEqual([])
})
