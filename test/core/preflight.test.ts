import { describe, expect, it } from 'vitest'
import { judgePreflight, policyOf, type PreflightFacts } from '../../src/core/preflight.ts'
import type { ObservedDeployment } from '../../src/core/production.ts'
import { ANCHOR, BASELINE, CANDIDATE, OURS } from './rollout/hostile-world.ts'
import { PRESETS } from '../../src/core/presets.ts'

const live: ObservedDeployment = {
  id: ANCHOR,
  split: [{ versionId: BASELINE, percentage: 100 }],
  createdOn: '2026-01-01T00:00:00Z',
  source: 'dash',
  author: 'a@example.com',
}
const split: ObservedDeployment = {
  ...live,
  split: [
    { versionId: CANDIDATE, percentage: 10 },
    { versionId: BASELINE, percentage: 90 },
  ],
}
const calm: PreflightFacts = {
  history: [live],
  isTokenActive: true,
  missingSecrets: [],
  oneWayDoors: [],
  isFullDeployAllowed: false,
  stops: [],
  drift: undefined,
  driftPolicy: 'warn',
  openRollouts: [],
}
const door = { kind: 'migration', message: 'Migration v2 is pending.', remedy: 'Allow a full deploy.' }

describe('preflight', () => {
  it('goes ahead from one version at 100 %, which becomes the baseline', () => {
    const verdict = judgePreflight(calm)
    expect(verdict).toEqual({ kind: 'go', plan: 'staged', anchor: ANCHOR, baseline: BASELINE })
    if (verdict.kind !== 'go') throw new Error('unreachable')
    const policy = policyOf(verdict, { marker: OURS, ramp: PRESETS.canary, applyTriggers: true })
    expect(policy).toMatchObject({ plan: 'staged', anchor: ANCHOR, baseline: BASELINE, ramp: PRESETS.canary, applyTriggers: true })
  })

  it.each<[string, Partial<PreflightFacts>, string]>([
    ['a hold', { stops: [{ code: 'held', text: 'Held by mona' }] }, 'held'],
    ['a freeze', { stops: [{ code: 'frozen', text: '"the sale" until Monday' }] }, 'frozen'],
    ['a hold before a freeze', { stops: [{ code: 'held', text: 'Held by mona' }, { code: 'frozen', text: '"the sale"' }] }, 'held'],
    ['a token that is not active', { isTokenActive: false }, 'token-invalid'],
    ['missing secrets', { missingSecrets: ['API_KEY'] }, 'secrets-missing'],
    ['a one-way door', { oneWayDoors: [door] }, 'one-way-door'],
    ['no deployment at all', { history: [] }, 'one-way-door'],
    ["somebody else's split", { history: [split] }, 'production-split'],
    ["somebody else's split, even when a full deploy is allowed", { history: [split], oneWayDoors: [door], isFullDeployAllowed: true }, 'production-split'],
    ['drift under the policy refuse', { drift: live, driftPolicy: 'refuse' }, 'drift'],
  ])('refuses %s', (_, change, code) => {
    expect(judgePreflight({ ...calm, ...change })).toMatchObject({ kind: 'refuse', code })
  })

  it('warns of drift and goes ahead by default', () => {
    expect(judgePreflight({ ...calm, drift: live }).kind).toBe('go')
  })

  it('takes the full plan through a one-way door that was allowed, and for a first deploy', () => {
    const allowed = { ...calm, oneWayDoors: [door], isFullDeployAllowed: true }
    expect(judgePreflight(allowed)).toEqual({ kind: 'go', plan: 'full', anchor: ANCHOR, baseline: BASELINE })
    expect(judgePreflight({ ...allowed, history: [] })).toEqual({ kind: 'go', plan: 'full' })
  })

  it('recovers an interrupted rollout of ours first, but only when the ledger has it open', () => {
    const interrupted = { ...split, marker: OURS }
    expect(judgePreflight({ ...calm, history: [interrupted], openRollouts: [OURS] })).toEqual({ kind: 'recover-first', marker: OURS })
    expect(judgePreflight({ ...calm, history: [interrupted] })).toMatchObject({ kind: 'refuse', code: 'production-split' })
  })
})
