import { describe, expect, it } from 'vitest'
import { afterAttempt, beginTrial, patienceFor, type Patience } from '../../src/core/checks/attempts.ts'
import { afterReadinessAttempt, beginReadiness } from '../../src/core/checks/readiness.ts'
import { alone } from '../../src/core/checks/seen.ts'
import type { Attempt } from '../../src/core/checks/result.ts'
import { ANOTHER, WANTED } from './check-samples.ts'

const passed: Attempt = { kind: 'passed', answeredBy: WANTED }
const wrong: Attempt = { kind: 'wrong-version', answeredBy: ANOTHER }
const noProof: Attempt = { kind: 'no-proof', seen: 'status 200, no body' }
const failed: Attempt = { kind: 'failed', expectation: 'status 200', seen: 'status 500', isProven: true }
const crashed: Attempt = { ...failed, isProven: false }
const starting: Attempt = { kind: 'starting', seen: 'status 503', hasAnswered: true, isProven: true }
const refused: Attempt = { kind: 'starting', seen: 'refused', hasAnswered: false, isProven: false }
const unreachable: Attempt = { kind: 'unreachable', seen: 'ENOTFOUND' }
const blocked: Attempt = { kind: 'blocked', by: 'cdn-cache', remedy: 'another path' }

const staged = patienceFor({ deadlineMs: 60_000, isPropagating: true, doesBaselineProve: true })

/** Tries the attempts, the last of them again and again, each taking 100 ms. */
function tryThrough(attempts: readonly Attempt[], patience: Patience = staged) {
  let now = 0
  let trial = beginTrial(now)
  for (let turn = 0; turn < 1000; turn += 1) {
    now += 100
    const attempt = attempts[Math.min(turn, attempts.length - 1)] ?? passed
    const step = afterAttempt(patience, trial, alone(attempt), now)
    trial = step.trial
    if (step.kind === 'done') return { outcome: step.outcome, trial, now }
    now += step.pauseMs
  }
  throw new Error('the trial never ended')
}

describe('the retries of one check', () => {
  it('pass at the first proof, and count the failures before it', () => {
    expect(tryThrough([passed]).trial.attempts).toBe(1)
    const flaky = tryThrough([failed, passed])
    expect(flaky.outcome).toEqual(passed)
    expect(flaky.trial.failures).toBe(1)
  })

  it('fail at the second failure that is proven to be the wanted version’s', () => {
    const { outcome, trial, now } = tryThrough([failed])
    expect(outcome).toEqual(failed)
    expect(trial.attempts).toBe(2)
    expect(now).toBeGreaterThanOrEqual(500)
  })

  it('count a failure and the next one across another version’s answers', () => {
    expect(tryThrough([failed, wrong, wrong, failed]).trial.attempts).toBe(4)
  })

  it('ask a crashing version more often, since its answers carry no proof', () => {
    expect(tryThrough([crashed]).trial.attempts).toBe(4)
    expect(tryThrough([crashed]).outcome).toEqual(crashed)
  })

  it('wait out the deadline with unproven failures when the baseline may be the one that gives them', () => {
    const blind = patienceFor({ deadlineMs: 60_000, isPropagating: true, doesBaselineProve: false })
    expect(tryThrough([crashed, crashed, crashed, crashed, crashed, crashed, passed], blind).outcome).toEqual(passed)
    const lasting = tryThrough([crashed], blind)
    expect(lasting.outcome).toEqual(crashed)
    expect(lasting.now).toBeGreaterThan(50_000)
  })

  it('never count an answer by another version, however long it comes', () => {
    const { outcome, now } = tryThrough([wrong])
    expect(outcome).toMatchObject({ kind: 'unknown', reason: 'wrong-version' })
    expect(now).toBeGreaterThan(50_000)
    expect(tryThrough([wrong, wrong, passed]).trial).toMatchObject({ failures: 0, attempts: 3 })
  })

  it('never pass on answers without proof', () => {
    expect(tryThrough([noProof]).outcome).toMatchObject({ kind: 'unknown', reason: 'no-proof' })
  })

  it('soon stop asking a version that serves everybody and gives no proof', () => {
    const settled = patienceFor({ deadlineMs: 60_000, isPropagating: false, doesBaselineProve: false })
    expect(tryThrough([noProof], settled).trial.attempts).toBe(3)
    expect(tryThrough([crashed], settled).trial.attempts).toBe(4)
  })

  it('give a starting Worker until the deadline, then call it failed', () => {
    expect(tryThrough([...Array.from({ length: 8 }, () => starting), passed]).trial).toMatchObject({ failures: 0 })
    const never = tryThrough([starting])
    expect(never.outcome).toMatchObject({ kind: 'failed', expectation: 'to be ready by the deadline', isProven: true })
    expect(never.now).toBeLessThanOrEqual(60_000)
  })

  it('learn nothing about the Worker from a host that cannot be reached', () => {
    expect(tryThrough([refused]).outcome).toMatchObject({ kind: 'unknown', reason: 'unreachable' })
    expect(tryThrough([unreachable]).outcome).toMatchObject({ kind: 'unknown', reason: 'unreachable' })
  })

  it('remember repeated failures when the last request before the deadline is cut short', () => {
    const blind = patienceFor({ deadlineMs: 1000, isPropagating: true, doesBaselineProve: false })
    expect(tryThrough([crashed, crashed, unreachable], blind).outcome).toEqual(crashed)
    expect(tryThrough([crashed, unreachable], blind).outcome.kind).toBe('unknown')
  })

  it('report what is in the way after it was met twice', () => {
    expect(tryThrough([blocked])).toMatchObject({ outcome: blocked, trial: { attempts: 2 } })
    expect(tryThrough([blocked, passed]).outcome).toEqual(passed)
  })
})

/** What readiness comes to after these attempts, the last of them again and again. */
function awaitThrough(attempts: readonly Attempt[], patience: Patience = staged) {
  let now = 0
  let readiness = beginReadiness(now)
  for (let turn = 0; turn < 1000; turn += 1) {
    now += 100
    const attempt = attempts[Math.min(turn, attempts.length - 1)] ?? passed
    const step = afterReadinessAttempt({ patience, proofsWanted: 3 }, readiness, attempt, now)
    if (step.kind !== 'again') return { kind: step.kind, attempts: turn + 1 }
    readiness = step.readiness
    now += step.pauseMs
  }
  throw new Error('readiness never ended')
}

describe('waiting for a version to arrive', () => {
  it('asks for several proofs in a row, and begins again after another version’s answer', () => {
    expect(awaitThrough([passed])).toEqual({ kind: 'ready', attempts: 3 })
    expect(awaitThrough([passed, passed, wrong, passed])).toEqual({ kind: 'ready', attempts: 6 })
  })

  it('takes a proven failure for an arrival: the checks will say what it means', () => {
    expect(awaitThrough([failed, starting, passed])).toEqual({ kind: 'ready', attempts: 3 })
  })

  it('gives up at the deadline', () => {
    expect(awaitThrough([wrong]).kind).toBe('not-ready')
    expect(awaitThrough([refused]).kind).toBe('not-ready')
    expect(awaitThrough([passed, wrong, passed, wrong, wrong]).kind).toBe('not-ready')
  })

  it('leaves crashes and what stands in the way to the checks', () => {
    expect(awaitThrough([crashed])).toEqual({ kind: 'unclear', attempts: 4 })
    expect(awaitThrough([blocked])).toEqual({ kind: 'unclear', attempts: 2 })
    expect(awaitThrough([wrong, crashed, crashed, passed])).toEqual({ kind: 'ready', attempts: 6 })
  })
})
