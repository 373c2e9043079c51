import type { Poll } from '../core/analysis/counts.ts'
import type { Finding } from '../core/analysis/judgement.ts'
import { judgeStep, placeOf, type Verdict } from '../core/analysis/look.ts'
import type { AnalysisSettings } from '../core/analysis/settings.ts'
import type { StagedPolicy } from '../core/policy.ts'
import type { Effect, Observation } from '../core/rollout/state.ts'
import { stepAt } from '../core/rollout/soaking.ts'
import { sampleAll, type OpenSource } from '../shell/metrics/sample.ts'
import type { RolloutRecord } from './record.ts'
import type { Session } from './session.ts'

type SoakEffect = Extract<Effect, { kind: 'soak' }>

/** What a rollout with steps compares the versions by. */
export interface Comparison {
  readonly settings: AnalysisSettings
  readonly sources: readonly OpenSource[]
  /** Seconds of a step whose latency is not compared: a version's isolates start cold. */
  readonly warmUpSeconds: number
}

export interface Soaking {
  readonly session: Session
  readonly policy: StagedPolicy
  readonly record: RolloutRecord
  /** Absent where no step is compared: then people are waited for, and nothing else. */
  readonly comparison: Comparison | undefined
}

/** Looks at a step that soaks, once a poll; what it has seen stays in the record. */
export function openSoak(soaking: Soaking): (effect: SoakEffect) => Promise<Observation> {
  const { session, policy, record, comparison } = soaking
  const { clock, stop } = session
  const beganAtMs = clock.now()
  let lastFinding: Finding | undefined
  return async (effect) => {
    const { percent } = effect
    await clock.sleep(policy.ramp.pollSeconds, stop)
    const isOverdue = clock.now() >= beganAtMs + policy.ramp.deadlineSeconds * 1000
    const isCompared = (stepAt(policy.ramp, percent)?.soakSeconds ?? 0) > 0
    if (comparison === undefined || !isCompared || stop.aborted) return { kind: 'soaked', advice: 'advance', isOverdue }
    const verdict = await look(soaking, comparison, { effect, beganAtMs })
    if (verdict.judgement.finding.because !== lastFinding?.because) record.note(`${percent} %: ${verdict.judgement.finding.verdict} (${verdict.judgement.finding.because}).`)
    lastFinding = verdict.judgement.finding
    return { kind: 'soaked', advice: verdict.advice, isOverdue }
  }
}

async function look({ session, policy, record }: Soaking, comparison: Comparison, { effect: { candidate, percent }, beganAtMs }: { readonly effect: SoakEffect; readonly beganAtMs: number }): Promise<Verdict> {
  const { clock, script, runner, redact } = session
  const { settings, sources, warmUpSeconds } = comparison
  const nowMs = clock.now()
  const sinceMs = readBackAtMs(record) ?? nowMs
  const sampled = await sampleAll(sources, { script, candidate, baseline: policy.baseline, percent, sinceMs, nowMs, warmUpSeconds })
  for (const why of sampled.unknown) runner.log(redact(`Not known at this look: ${why}`))
  const before = record.current().analysis?.polls ?? []
  const poll: Poll = { step: placeOf(policy.ramp, percent), atSeconds: Math.round((nowMs - beganAtMs) / 1000), metrics: sampled.metrics }
  const polls = Object.keys(sampled.metrics).length === 0 ? before : [...before, poll]
  record.update({ analysis: { settings, polls: [...polls] } })
  const longestLagSeconds = Math.max(0, ...sources.map(({ source }) => source.lagSeconds))
  const seenSeconds = (nowMs - sinceMs) / 1000 - longestLagSeconds
  const verdict = judgeStep({ settings, polls, ramp: policy.ramp, percent, seenSeconds })
  return verdict
}

/** When the split that soaks was first seen to be live. */
function readBackAtMs(record: RolloutRecord): number | undefined {
  const at = record.current().splits.at(-1)?.at
  return at === undefined ? undefined : Date.parse(at)
}
