import { afterAttempt, beginTrial, cutOff, patienceFor, type PartOutcome, type Patience, type Trial } from '../../core/checks/attempts.ts'
import { afterReadinessAttempt, beginReadiness } from '../../core/checks/readiness.ts'
import { isInTheWay, type CheckOutcome, type CheckResult } from '../../core/checks/result.ts'
import { canProve, type CheckSpec } from '../../core/checks/spec.ts'
import { attempt, targetOf } from './attempt.ts'
import type { AskingPorts, CheckSubject } from './asking.ts'

export interface CheckRound {
  /** Must pass before the others begin: a Worker that is starting is waited for here. */
  readonly ready: readonly CheckSpec[]
  readonly specs: readonly CheckSpec[]
  readonly subject: CheckSubject
  readonly baseUrl: URL
  /** For everything together. */
  readonly deadlineSeconds: number
  /** The split was just written, so other versions may still answer for a while. */
  readonly isPropagating: boolean
  /** The baseline gave proof of itself in preflight. */
  readonly doesBaselineProve: boolean
  /** Answers in a row with proof of the wanted version before the first check counts. */
  readonly proofsWanted: number
  /** Waited once instead, when no check gives proof and so nothing tells when the version has arrived. */
  readonly settleSeconds: number
  readonly concurrency: number
  /** Each check alone first, one after the other; what passed is then asked again with all at once. */
  readonly isEachAloneFirst: boolean
  /** Since when the version asked for answers for what happens; unless given, since it arrived in this round. */
  readonly sinceMs?: number | undefined
}

export interface CheckPorts extends AskingPorts {
  readonly signal: AbortSignal
}

interface Running extends CheckPorts {
  readonly round: CheckRound
  readonly deadlineAtMs: number
  readonly sinceMs?: number | undefined
}

/** Runs the checks side by side and returns the results in their order, a check's parts after it; never throws. */
export async function runChecks(round: CheckRound, ports: CheckPorts): Promise<readonly CheckResult[]> {
  const running: Running = { ...ports, round, deadlineAtMs: ports.clock.now() + round.deadlineSeconds * 1000 }
  const unready = await awaitVersion(running)
  if (unready !== undefined) return [...round.ready, ...round.specs].flatMap((spec) => notRun(spec, running, unready))
  const arrived: Running = { ...running, sinceMs: round.sinceMs ?? (round.isPropagating ? ports.clock.now() : undefined) }
  const ready = await sideBySide(round.ready, round.concurrency, (spec) => runCheck(spec, arrived))
  const waiting = ready.find(isInTheWay)
  if (waiting !== undefined) {
    const outcome: CheckOutcome = { kind: 'unknown', reason: 'not-ready', seen: `not run, since "${waiting.name}" was not ready` }
    return [...ready, ...round.specs.flatMap((spec) => notRun(spec, running, outcome))]
  }
  return [...ready, ...(await runSpecs(arrived))]
}

async function runSpecs(running: Running): Promise<readonly CheckResult[]> {
  const { specs, concurrency, isEachAloneFirst } = running.round
  if (!isEachAloneFirst || specs.length < 2) return sideBySide(specs, concurrency, (spec) => runCheck(spec, running))
  // A program is no channel, and may take minutes: once is enough.
  const first = await inTurn(specs, 1, async (spec) => (spec.kind === 'command' ? [] : runCheck(spec, running)))
  return sideBySide([...specs.entries()], concurrency, async ([index, spec]) => {
    const before = first[index] ?? []
    if (before.some(isInTheWay)) return before
    return (await runCheck(spec, running)).map((result) => withAlone(result, before))
  })
}

/** A check that fails only beside the others says so, and what it failed while alone counts as flaky. */
function withAlone(result: CheckResult, before: readonly CheckResult[]): CheckResult {
  const alone = before.find(({ name }) => name === result.name)
  const counted = {
    ...result,
    attempts: result.attempts + (alone?.attempts ?? 0),
    failedAttempts: result.failedAttempts + (alone?.failedAttempts ?? 0),
  }
  if (result.outcome.kind !== 'failed' || alone === undefined) return counted
  return { ...counted, outcome: { ...result.outcome, expectation: `${result.outcome.expectation}, beside the other checks (alone it passed)` } }
}

async function sideBySide<Job>(jobs: readonly Job[], concurrency: number, run: (job: Job) => Promise<readonly CheckResult[]>): Promise<readonly CheckResult[]> {
  return (await inTurn(jobs, concurrency, run)).flat()
}

/** At most so many at a time; the results stand in the order of the jobs. */
async function inTurn<Job, Result>(jobs: readonly Job[], concurrency: number, run: (job: Job) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = []
  const queue = [...jobs.entries()]
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await run(next[1])
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, jobs.length)) }, work))
  return results
}

/** Why no check can count yet; `undefined` when they may begin. */
async function awaitVersion(running: Running): Promise<CheckOutcome | undefined> {
  const { round, deadlineAtMs, clock, signal } = running
  if (round.subject.versionId === undefined) return undefined
  const spec = [...round.ready, ...round.specs].find(canProve)
  if (spec === undefined) {
    if (round.isPropagating) await clock.sleep(round.settleSeconds, signal)
    return undefined
  }
  const rules = { patience: patienceUntil(deadlineAtMs, running), proofsWanted: round.proofsWanted }
  let readiness = beginReadiness(clock.now())
  while (!signal.aborted) {
    const { own } = await attempt(spec, askingOf(spec, running, deadlineAtMs), running)
    const step = afterReadinessAttempt(rules, readiness, own, clock.now())
    if (step.kind === 'ready' || step.kind === 'unclear') return undefined
    if (step.kind === 'not-ready') {
      return { kind: 'unknown', reason: 'not-ready', seen: `the version did not answer within ${round.deadlineSeconds} s: ${step.seen}` }
    }
    readiness = step.readiness
    await clock.sleep(step.pauseMs / 1000, signal)
  }
  return cutOff('stopped before the version answered')
}

async function runCheck(spec: CheckSpec, running: Running): Promise<readonly CheckResult[]> {
  const { clock, signal, deadlineAtMs } = running
  const startedAtMs = clock.now()
  const endsAtMs = Math.min(deadlineAtMs, startedAtMs + spec.deadlineSeconds * 1000)
  const patience = patienceUntil(endsAtMs, running)
  let trial = beginTrial(startedAtMs)
  let answerMs = 0
  while (!signal.aborted) {
    const sentAtMs = clock.now()
    const seen = await attempt(spec, askingOf(spec, running, endsAtMs), running)
    answerMs = clock.now() - sentAtMs
    if (signal.aborted) break
    const step = afterAttempt(patience, trial, seen, clock.now())
    trial = step.trial
    if (step.kind === 'done') return describe(spec, running, { trial, outcome: step.outcome, parts: step.parts, answerMs })
    await clock.sleep(step.pauseMs / 1000, signal)
  }
  return describe(spec, running, { trial, outcome: cutOff('stopped before it was decided'), parts: [], answerMs })
}

function askingOf(spec: CheckSpec, { round, clock, signal, sinceMs }: Running, endsAtMs: number) {
  const limitMs = Math.max(1, Math.min(spec.timeoutSeconds * 1000, endsAtMs - clock.now()))
  return { baseUrl: round.baseUrl, subject: round.subject, limitMs, signal, sinceMs }
}

function patienceUntil(endsAtMs: number, { round, clock }: Running): Patience {
  const { isPropagating, doesBaselineProve } = round
  return patienceFor({ deadlineMs: Math.max(0, endsAtMs - clock.now()), isPropagating, doesBaselineProve })
}

function notRun(spec: CheckSpec, running: Running, outcome: CheckOutcome): readonly CheckResult[] {
  return describe(spec, running, { trial: beginTrial(running.clock.now()), outcome, parts: [], answerMs: 0 })
}

interface Done {
  readonly trial: Trial
  readonly outcome: CheckOutcome
  readonly parts: readonly PartOutcome[]
  readonly answerMs: number
}

function describe(spec: CheckSpec, { round, clock }: Running, { trial, outcome, parts, answerMs }: Done): readonly CheckResult[] {
  const common = {
    target: targetOf(spec, round.baseUrl),
    attempts: trial.attempts,
    startedAt: new Date(trial.startedAtMs).toISOString(),
    durationMs: Math.max(0, clock.now() - trial.startedAtMs),
    answerMs: Math.max(0, answerMs),
  }
  const own = { name: spec.name, ...common, outcome, failedAttempts: trial.failuresOf[''] ?? 0 }
  return [
    own,
    ...parts.map(({ name, ...part }) => ({ ...common, ...part, name: `${spec.name}/${name}`, partOf: spec.name, failedAttempts: trial.failuresOf[name] ?? 0 })),
  ]
}
