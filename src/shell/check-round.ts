import { randomUUID } from 'node:crypto'
import { afterAttempt, beginTrial, cutOff, patienceFor, type Patience, type Trial } from '../core/checks/attempts.ts'
import { judgeHttp } from '../core/checks/http.ts'
import { OVERRIDE_HEADER, overrideValue } from '../core/checks/override.ts'
import { afterReadinessAttempt, beginReadiness } from '../core/checks/readiness.ts'
import type { Attempt, CheckOutcome, CheckResult } from '../core/checks/result.ts'
import type { HttpCheckSpec } from '../core/checks/types.ts'
import type { VersionId } from '../core/ids.ts'
import type { Clock } from './clock.ts'
import type { Probe } from './probe.ts'

/** Kept of a body for judging; what follows is not read. */
const MAX_BODY_BYTES = 65_536

/** Which version is asked for, and whether by the override header or because it serves everybody. */
export interface CheckSubject {
  readonly versionId: VersionId
  readonly via: { readonly kind: 'override'; readonly scriptName: string } | { readonly kind: 'plain' }
}

export interface CheckRound {
  readonly specs: readonly HttpCheckSpec[]
  readonly subject: CheckSubject
  readonly baseUrl: URL
  /** For readiness and all checks together. */
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
}

export interface CheckPorts {
  readonly probe: Probe
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Runs every check side by side and returns one result for each, in their order; never throws. */
export async function runChecks(round: CheckRound, ports: CheckPorts): Promise<readonly CheckResult[]> {
  const deadlineAtMs = ports.clock.now() + round.deadlineSeconds * 1000
  const unready = await awaitVersion(round, deadlineAtMs, ports)
  const results: CheckResult[] = []
  const queue = [...round.specs.entries()]
  const work = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const [index, spec] = job
      results[index] = unready === undefined ? await runCheck(spec, round, deadlineAtMs, ports) : notRun(spec, round, unready, ports)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, round.concurrency) }, work))
  return results
}

/** Why no check can count yet; `undefined` when they may begin. */
async function awaitVersion(round: CheckRound, deadlineAtMs: number, ports: CheckPorts): Promise<CheckOutcome | undefined> {
  const { clock, signal } = ports
  const spec = round.specs.find((candidate) => candidate.proof.kind !== 'none')
  if (spec === undefined) {
    if (round.isPropagating) await clock.sleep(round.settleSeconds, signal)
    return undefined
  }
  const rules = { patience: patienceUntil(deadlineAtMs, round, clock.now()), proofsWanted: round.proofsWanted }
  let readiness = beginReadiness(clock.now())
  while (!signal.aborted) {
    const attempt = await attemptOnce(spec, round, deadlineAtMs, ports)
    const step = afterReadinessAttempt(rules, readiness, attempt, clock.now())
    if (step.kind === 'ready' || step.kind === 'unclear') return undefined
    if (step.kind === 'not-ready') {
      return { kind: 'unknown', reason: 'not-ready', seen: `the version did not answer within ${round.deadlineSeconds} s: ${step.seen}` }
    }
    readiness = step.readiness
    await clock.sleep(step.pauseMs / 1000, signal)
  }
  return cutOff('stopped before the version answered')
}

async function runCheck(spec: HttpCheckSpec, round: CheckRound, deadlineAtMs: number, ports: CheckPorts): Promise<CheckResult> {
  const { clock, signal } = ports
  const startedAtMs = clock.now()
  const patience = patienceUntil(Math.min(deadlineAtMs, startedAtMs + spec.deadlineSeconds * 1000), round, startedAtMs)
  let trial = beginTrial(startedAtMs)
  let answerMs = 0
  while (!signal.aborted) {
    const sentAtMs = clock.now()
    const attempt = await attemptOnce(spec, round, startedAtMs + patience.deadlineMs, ports)
    answerMs = clock.now() - sentAtMs
    if (signal.aborted) break
    const step = afterAttempt(patience, trial, attempt, clock.now())
    trial = step.trial
    if (step.kind === 'done') return describe(spec, round, { trial, outcome: step.outcome, answerMs, endedAtMs: clock.now() })
    await clock.sleep(step.pauseMs / 1000, signal)
  }
  return describe(spec, round, { trial, outcome: cutOff('stopped before it was decided'), answerMs, endedAtMs: clock.now() })
}

async function attemptOnce(spec: HttpCheckSpec, round: CheckRound, endsAtMs: number, ports: CheckPorts): Promise<Attempt> {
  const { versionId, via } = round.subject
  const headers: Record<string, string> = { ...spec.headers }
  if (via.kind === 'override') {
    const value = overrideValue(via.scriptName, versionId)
    if (value === undefined) return { kind: 'unreachable', seen: `${via.scriptName} cannot be named in ${OVERRIDE_HEADER}` }
    headers[OVERRIDE_HEADER] = value
  }
  const url = urlOf(spec, round.baseUrl)
  // Caches key by URL; a query that was never seen before has no entry in any.
  url.searchParams.append('sleepwell', randomUUID())
  const facts = await ports.probe.send(
    {
      url,
      method: spec.method,
      headers,
      ...(spec.body === undefined ? {} : { body: spec.body }),
      limitMs: Math.max(1, Math.min(spec.timeoutSeconds * 1000, endsAtMs - ports.clock.now())),
      maxBodyBytes: MAX_BODY_BYTES,
    },
    ports.signal,
  )
  return judgeHttp(spec, facts, versionId)
}

/** The check's path below the base's own; a path can never lead to another host. */
export function urlOf(spec: HttpCheckSpec, baseUrl: URL): URL {
  const url = new URL(baseUrl)
  const [, path = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(spec.path) ?? []
  url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
  url.search = query
  url.hash = ''
  return url
}

function patienceUntil(endsAtMs: number, round: CheckRound, nowMs: number): Patience {
  const { isPropagating, doesBaselineProve } = round
  return patienceFor({ deadlineMs: Math.max(0, endsAtMs - nowMs), isPropagating, doesBaselineProve })
}

function notRun(spec: HttpCheckSpec, round: CheckRound, outcome: CheckOutcome, ports: CheckPorts): CheckResult {
  const now = ports.clock.now()
  return describe(spec, round, { trial: beginTrial(now), outcome, answerMs: 0, endedAtMs: now })
}

function describe(
  spec: HttpCheckSpec,
  round: CheckRound,
  done: { readonly trial: Trial; readonly outcome: CheckOutcome; readonly answerMs: number; readonly endedAtMs: number },
): CheckResult {
  const { trial, outcome } = done
  return {
    name: spec.name,
    target: `${spec.method} ${urlOf(spec, round.baseUrl).href}`,
    outcome,
    attempts: trial.attempts,
    failedAttempts: trial.failures + trial.unprovenFailures,
    startedAt: new Date(trial.startedAtMs).toISOString(),
    durationMs: Math.max(0, done.endedAtMs - trial.startedAtMs),
    answerMs: Math.max(0, done.answerMs),
  }
}
