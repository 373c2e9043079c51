import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../src/core/policy.ts'
import { next } from '../../../src/core/rollout.ts'
import type { Observation, Phase } from '../../../src/core/rollout/state.ts'
import {
  accepted, advised, applyingTriggers, baselineExposed, byHand, candidate, checked, checking, deployedFully, deployingFully, fullDeploy, fullDeployFailed,
  fully, inspecting, live, notRecorded, promoted, putBack, raise, reading, restoreExposed, rollBack, settled, soaking, soakingAt, staged, target, triggers,
  unreadable, uploaded, uploadFailed, uploading, watching, writing,
} from './vocabulary.ts'

/** One of each kind; the compiler misses a kind that is not here. */
const EVERYTHING: Readonly<Record<Observation['kind'], Observation>> = {
  uploaded,
  'upload-failed': uploadFailed,
  production: live(),
  unreadable,
  'write-answered': accepted,
  checked: checked('healthy'),
  soaked: advised('wait'),
  triggers: triggers(true),
  'deployed-fully': deployedFully,
  'full-deploy-failed': fullDeployFailed,
  'not-recorded': notRecorded,
  stopped: { kind: 'stopped', stop: 'held' },
}

// Under which policy, in which phase -> what can be seen there; all else is a bug of the shell.
const CAN_SEE: readonly [Policy, Phase, readonly Observation['kind'][]][] = [
  [staged, uploading(1), ['uploaded', 'upload-failed', 'not-recorded']],
  [staged, reading(raise(10)), ['production', 'unreadable']],
  [staged, reading(restoreExposed('check-failed')), ['production', 'unreadable']],
  [staged, reading(putBack('foreign')), ['production', 'unreadable']],
  [staged, writing(raise(10)), ['write-answered', 'not-recorded']],
  [staged, writing(restoreExposed('check-failed')), ['write-answered', 'not-recorded']],
  [staged, writing(putBack('foreign')), ['write-answered', 'not-recorded']],
  [staged, checking(candidate(10)), ['checked']],
  [staged, checking(baselineExposed('check-failed')), ['checked']],
  [soaking, soakingAt(10), ['soaked']],
  [staged, applyingTriggers, ['triggers']],
  [byHand, reading(rollBack()), ['production', 'unreadable']],
  [byHand, writing(rollBack()), ['write-answered', 'not-recorded']],
  [byHand, checking(target()), ['checked']],
  [byHand, watching(), ['production', 'unreadable']],
  [fully, deployingFully, ['deployed-fully', 'full-deploy-failed', 'not-recorded', 'stopped']],
  [fully, checking(fullDeploy), ['checked']],
  [fully, inspecting('upload-failed'), ['production', 'unreadable']],
  // Nothing follows an ending, and only a rollback watches.
  [staged, settled(promoted), []],
  [staged, watching(), []],
  [fully, watching(), []],
]

/** What the phase is about, if it is about something. */
function aboutOf(phase: Phase): string {
  if ('goal' in phase) return ` to ${phase.goal.kind}`
  return 'subject' in phase ? ` the ${phase.subject.kind}` : ''
}

const rows = CAN_SEE.flatMap(([policy, phase, kinds]) =>
  Object.values(EVERYTHING)
    .filter((seen) => !kinds.includes(seen.kind))
    .map((seen) => ({ policy, phase, seen, rollout: `${policy.plan} rollout that is ${phase.kind}${aboutOf(phase)}` })),
)

describe('what a phase cannot see is a bug, and said so', () => {
  it.each(rows)('$seen.kind by a $rollout', ({ policy, phase, seen }) => {
    expect(() => next(policy, phase, seen)).toThrow(new Error(`bug: a rollout that is ${phase.kind} cannot see "${seen.kind}"`))
  })
})
