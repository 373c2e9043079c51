import type { Poll } from '../core/analysis/counts.ts'
import { judgeStep, type Verdict } from '../core/analysis/look.ts'
import type { AnalysisSettings } from '../core/analysis/settings.ts'
import type { StagedPolicy } from '../core/policy.ts'
import { nextStep, placeOf, stepAt } from '../core/ramp.ts'
import { describeFinding } from '../core/report/finding.ts'
import { renderProgress } from '../core/report/progress.ts'
import { progressOf } from '../core/report/step-progress.ts'
import type { Effect, Observation } from '../core/rollout/state.ts'
import { sampleAll, type OpenSource } from '../shell/metrics/sample.ts'
import type { RolloutRecord } from './record.ts'
import type { Session } from './session.ts'
import type { Steering } from './take-commands.ts'

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
  readonly steering: Steering
  /** Absent where no step is compared: then people are waited for, and nothing else. */
  readonly comparison: Comparison | undefined
}

/** Looks at a step that soaks, once a poll; what it has seen stays in the record. */
export function openSoak(soaking: Soaking): (effect: SoakEffect) => Promise<Observation> {
  const { session, policy: { ramp }, record, steering, comparison } = soaking
  const { clock, stop, runner } = session
  const beganAtMs = clock.now()
  const lagSeconds = Math.max(0, ...(comparison?.sources ?? []).map(({ source }) => source.lagSeconds))
  let told = ''
  return async (effect) => {
    const { percent } = effect
    await clock.sleep(ramp.pollSeconds, stop)
    if (stop.aborted) return { kind: 'soaked', advice: 'wait', isOverdue: false }
    const sinceMs = readBackAtMs(record, () => true) ?? beganAtMs
    const isCompared = (stepAt(ramp, percent)?.soakSeconds ?? 0) > 0
    const verdict = comparison === undefined || !isCompared ? undefined : await look(soaking, comparison, { effect, sinceMs, lagSeconds })
    const advice = verdict?.advice ?? 'advance'
    const isOverdue = steering.isOverdue()
    const next = nextStep(ramp, percent)
    const said = await steering.next({ ...effect, next, isGoingBack: advice === 'restore' || (isOverdue && next !== undefined) })
    const isPaused = said?.command === 'pause' || (effect.isPaused && said?.command !== 'resume')
    const isApprovalAwaited = next?.approval === true && !effect.isApproved && said?.command !== 'approve'
    const elapsedSeconds = (clock.now() - sinceMs) / 1000
    runner.log(renderProgress(progressOf({ ramp, percent, elapsedSeconds, lagSeconds, verdict, isApprovalAwaited, pausedBy: isPaused ? steering.pausedBy() : undefined })))
    if (verdict !== undefined && advice !== 'wait' && advice !== told) record.note(`At ${percent} %: ${describeFinding(verdict.judgement)}`)
    told = advice
    return { kind: 'soaked', advice, isOverdue, ...(said === undefined ? {} : { steering: said.command }) }
  }
}

interface Look {
  readonly effect: SoakEffect
  /** When the split that soaks was first seen to be live. */
  readonly sinceMs: number
  readonly lagSeconds: number
}

async function look({ session, policy, record }: Soaking, { settings, sources, warmUpSeconds }: Comparison, { effect, sinceMs, lagSeconds }: Look): Promise<Verdict> {
  const { clock, script, runner } = session
  const { candidate, percent } = effect
  const { ramp, baseline } = policy
  const nowMs = clock.now()
  const sampled = await sampleAll(sources, { script, candidate, baseline, percent, sinceMs, nowMs, warmUpSeconds })
  for (const why of sampled.unknown) runner.log(`Not known at this look: ${why}`)
  const before = record.current().analysis?.polls ?? []
  const firstMs = readBackAtMs(record, (candidatePercent) => candidatePercent > 0, 'first') ?? sinceMs
  const poll: Poll = { step: placeOf(ramp, percent), atSeconds: Math.round((nowMs - firstMs) / 1000), metrics: sampled.metrics }
  const polls = Object.keys(sampled.metrics).length === 0 ? before : [...before, poll]
  record.update({ analysis: { settings, polls: [...polls] } })
  return judgeStep({ settings, polls, ramp, percent, seenSeconds: (nowMs - sinceMs) / 1000 - lagSeconds })
}

/** When a split was read back; the newest one, or the first. */
function readBackAtMs(record: RolloutRecord, isMeant: (candidatePercent: number) => boolean, which: 'first' | 'last' = 'last'): number | undefined {
  const meant = record.current().splits.filter(({ candidatePercent }) => isMeant(candidatePercent))
  const at = (which === 'first' ? meant[0] : meant.at(-1))?.at
  return at === undefined ? undefined : Date.parse(at)
}
