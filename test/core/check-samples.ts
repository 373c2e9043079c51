import type { HttpAnswer } from '../../src/core/checks/answer.ts'
import type { CheckOutcome, CheckResult } from '../../src/core/checks/result.ts'
import type { HttpCheckSpec } from '../../src/core/checks/http.ts'

export const WANTED = 'cccccccc-0000-4000-8000-000000000001'
export const ANOTHER = 'bbbbbbbb-0000-4000-8000-000000000001'

export function httpCheck(expectation: Partial<HttpCheckSpec['expect']> = {}, over: Partial<HttpCheckSpec> = {}): HttpCheckSpec {
  return {
    kind: 'http',
    name: 'health',
    method: 'GET',
    path: '/healthz',
    headers: {},
    expect: { status: [200], headers: {}, json: [], ...expectation },
    proof: { kind: 'header', name: 'X-Version' },
    timeoutSeconds: 10,
    deadlineSeconds: 60,
    ...over,
  }
}

export function answer(over: Partial<HttpAnswer> = {}): HttpAnswer {
  return {
    kind: 'answer',
    status: 200,
    headers: { 'x-version': WANTED, 'content-type': 'application/json' },
    body: '',
    isBodyCut: false,
    durationMs: 12,
    ...over,
  }
}

export function result(outcome: CheckOutcome, over: Partial<CheckResult> = {}): CheckResult {
  return {
    name: 'health',
    target: 'GET https://shop.example.com/healthz',
    outcome,
    attempts: 1,
    failedAttempts: 0,
    startedAt: '2026-11-23T14:00:10.000Z',
    durationMs: 84,
    answerMs: 84,
    ...over,
  }
}
