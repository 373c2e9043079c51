import type { Poll } from '../core/analysis/counts.ts'
import { judgeStep, type Verdict } from '../core/analysis/look.ts'
import type { AnalysisSettings } from '../core/analysis/settings.ts'
import type { StagedPolicy } from '../core/policy.ts'
import { nextStep, placeOf, stepAt } from '../core/ramp.ts'
import { describeBlindWatch, describeFinding, describeWatch } from '../core/report/finding.ts'
import { renderProgress } from '../core/report/progress.ts'
import { progressOf } from '../core/report/step-progress.ts'
import type { Effect, Observation } from '../core/rollout/state.ts'
import { sampleAll, type OpenSource } from '../shell/metrics/sample.ts'
import type { Runner } from '../shell/runner.ts'
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
  readonly session: Pick<Session, 'clock' | 'stop' | 'script'> & { readonly runner: Pick<Runner, 'log'> }
  readonly policy: StagedPolicy
  readonly record: RolloutRecord
  readonly steering: Steering
  /** Absent where no step is compared: then people are waited for, and nothing else. */
  readonly comparison: Comparison | undefined
}

/** Looks at a step that soaks, once a poll; what it has seen stays in the record. */
export function openSoak(soaking: Soaking): (effect: SoakEffect) => Promise<Observation> {
  const { session: { clock, stop, runner }, policy, record, steering, comparison } = soaking
  const { ramp } = policy
  let soak = { percent: 0, beganMs: 0 }
  let told = ''
  return async (effect) => {
    const { percent } = effect
    // The checks of this step came before it: they are no users, and their requests are not counted.
    if (soak.percent !== percent) soak = { percent, beganMs: clock.now() }
    await clock.sleep(ramp.pollSeconds, stop)
    if (stop.aborted) return { kind: 'soaked', advice: 'wait', isOverdue: false }
    const isCompared = (stepAt(ramp, percent)?.soakSeconds ?? 0) > 0
    const looked = comparison === undefined || !isCompared ? undefined : await look(soaking, comparison, { effect, soakBeganMs: soak.beganMs })
    const advice = looked?.advice ?? 'advance'
    const isOverdue = steering.isOverdue()
    const next = nextStep(ramp, percent)
    const said = await steering.next({ ...effect, next, isGoingBack: advice === 'restore' || (isOverdue && next !== undefined) })
    const isPaused = said?.command === 'pause' || (effect.isPaused && said?.command !== 'resume')
    const isApprovalAwaited = next?.approval === true && !effect.isApproved && said?.command !== 'approve'
    const elapsedSeconds = (clock.now() - soak.beganMs) / 1000
    runner.log(renderProgress(progressOf({ ramp, percent, elapsedSeconds, lagSeconds: lagOf(comparison), verdict: looked, isApprovalAwaited, pausedBy: isPaused ? steering.pausedBy() : undefined })))
    if (looked !== undefined && advice !== 'wait' && advice !== told) record.note(`At ${percent} %: ${wordsFor(looked, policy, percent)}`)
    told = advice
    return { kind: 'soaked', advice, isOverdue, ...(said === undefined ? {} : { steering: said.command }) }
  }
}

function wordsFor({ judgement, advice, seenSeconds, isCurrent }: Verdict, { ramp }: StagedPolicy, percent: number): string {
  if (percent !== 100) return `${describeFinding(judgement)}${advice === 'undecided' && !isCurrent ? ' But a source is silent since, so no step goes forward on that.' : ''}`
  const soakSeconds = stepAt(ramp, percent)?.soakSeconds ?? 0
  return advice === 'undecided' ? describeBlindWatch(judgement, { seenSeconds, soakSeconds }) : describeWatch(judgement)
}

/** Nobody waits for a dry run. */
function lagOf(comparison: Comparison | undefined): number {
  const acting = (comparison?.sources ?? []).filter(({ acts }) => acts)
  return Math.max(0, ...acting.map(({ source }) => source.lagSeconds))
}

async function look({ session, policy, record }: Soaking, comparison: Comparison, { effect, soakBeganMs }: { readonly effect: SoakEffect; readonly soakBeganMs: number }): Promise<Verdict> {
  const { clock, script, runner } = session
  const { candidate, percent } = effect
  const { ramp, baseline } = policy
  const { settings, sources, warmUpSeconds } = comparison
  const nowMs = clock.now()
  const { metrics, unknown, isLook, seenSeconds, isCurrent } = await sampleAll(sources, { script, candidate, baseline, percent, soakBeganMs, nowMs, warmUpSeconds })
  for (const why of unknown) runner.log(`Not known at this look: ${why}`)
  const before = record.current().analysis?.polls ?? []
  const step = placeOf(ramp, percent)
  const seenBefore = before.filter((poll) => poll.step === step).reduce((sum, { seconds = 0 }) => sum + seconds, 0)
  const poll: Poll = { step, atSeconds: Math.round((nowMs - (firstShareMs(record) ?? soakBeganMs)) / 1000), seconds: Math.max(0, Math.round(10 * (seenSeconds - seenBefore)) / 10), metrics }
  // One that told nothing is kept as well: it is unknown, and shown as that.
  const polls = isLook ? [...before, poll] : before
  record.update({ analysis: { settings, polls: [...polls] } })
  const elapsedSeconds = (nowMs - soakBeganMs) / 1000
  return judgeStep({ settings, polls, ramp, percent, elapsedSeconds, lagSeconds: lagOf(comparison), seenSeconds, isCurrent })
}

/** When the candidate's first share of users was read back. */
function firstShareMs(record: RolloutRecord): number | undefined {
  const first = record.current().splits.find(({ candidatePercent }) => candidatePercent > 0)
  return first === undefined ? undefined : Date.parse(first.at)
}
