import { describe, expect, it } from 'vitest'
import { driftSince, hasServed, isBorneOut, knownGood, lastSettled, type KnownGoodFacts } from '../../src/core/ledger.ts'
import type { VersionId } from '../../src/core/ids.ts'
import { deployEntry, deploymentId, everybody, markerOf, observed, promotedEntry, rollbackEntry, rollbackPolicy, stagedPolicy, version } from './ledger-samples.ts'

const none: ReadonlySet<VersionId> = new Set()

/** Versions 1 to 4 were promoted one after the other, by runs 11 to 14; 4 is live. */
function facts(change: Partial<KnownGoodFacts> = {}): KnownGoodFacts {
  return {
    deploys: [promotedEntry(14, 4), promotedEntry(13, 3), promotedEntry(12, 2), promotedEntry(11, 1)],
    rollbacks: [],
    history: [4, 3, 2, 1].map((number) => observed(number, everybody(number), markerOf(10 + number))),
    deployable: [4, 3, 2, 1].map(version),
    tagged: none,
    ...change,
  }
}

describe('the known good version', () => {
  it('is the newest promoted one that is not live', () => {
    expect(knownGood(facts())).toBe(version(3))
  })

  it('was never rolled back from', () => {
    expect(knownGood(facts({ rollbacks: [rollbackEntry(20, { from: [4, 3], target: 2 })] }))).toBe(version(2))
  })

  it('is not in the live split, with however few requests', () => {
    const split = [{ versionId: version(4), percentage: 100 }, { versionId: version(3), percentage: 0 }]
    expect(knownGood(facts({ history: [observed(9, split), ...facts().history] }))).toBe(version(2))
  })

  it('can still be deployed', () => {
    expect(knownGood(facts({ deployable: [version(4), version(1)] }))).toBe(version(1))
  })

  it('did not end otherwise', () => {
    const deploys = [
      promotedEntry(14, 4),
      deployEntry(13, { state: 'failure', description: `rolled-back ${version(3)}` }),
      deployEntry(12, { state: 'in_progress', description: `raise ${version(2)} to 100 %` }),
      promotedEntry(11, 1),
    ]
    expect(knownGood(facts({ deploys }))).toBe(version(1))
  })

  it('served everybody by Cloudflare\'s own word, or carries our tag; a forged entry makes none', () => {
    const deploys = [promotedEntry(15, 6), promotedEntry(14, 5), ...facts().deploys]
    const deployable = [6, 5, 4, 3, 2, 1].map(version)
    const split = [{ versionId: version(6), percentage: 99 }, { versionId: version(4), percentage: 1 }]
    const history = [...facts().history, observed(8, split)]
    expect(knownGood(facts({ deploys, deployable, history }))).toBe(version(3))
    expect(knownGood(facts({ deploys, deployable, history, tagged: new Set([version(5)]) }))).toBe(version(5))
  })

  it('may not be there at all', () => {
    expect(knownGood(facts({ deploys: [] }))).toBeUndefined()
    expect(knownGood(facts({ deploys: [promotedEntry(14, 4)] }))).toBeUndefined()
    expect(knownGood(facts({ history: [] }))).toBeUndefined()
  })
})

describe('a version that served', () => {
  it('had 100 %, alone or beside a staged one', () => {
    const staged = [{ versionId: version(2), percentage: 0 }, { versionId: version(1), percentage: 100 }]
    const history = [observed(1, staged)]
    expect(hasServed(version(1), { history, tagged: none })).toBe(true)
    expect(hasServed(version(2), { history, tagged: none })).toBe(false)
  })
})

describe('a baseline', () => {
  it('is borne out when the deployment that the rollout began from gave it everybody', () => {
    expect(isBorneOut(stagedPolicy(3), [observed(9, everybody(9), markerOf(3)), observed(3, everybody(3))])).toBe(true)
  })

  it.each([
    ['was of another version', [observed(3, everybody(2))]],
    ['is not in the history', [observed(4, everybody(3))]],
    ['was a split', [observed(3, [{ versionId: version(2), percentage: 0 }, { versionId: version(3), percentage: 100 }])]],
  ])('is not borne out when that deployment %s', (_, history) => {
    expect(isBorneOut(stagedPolicy(3), history)).toBe(false)
  })

  it('of a full deploy may be missing, but not wrong', () => {
    const { marker, tries } = stagedPolicy(3)
    const first = { plan: 'full', marker, tries } as const
    expect(isBorneOut(first, [])).toBe(true)
    const later = { ...first, anchor: deploymentId(3), baseline: version(3) }
    expect(isBorneOut(later, [observed(3, everybody(3))])).toBe(true)
    expect(isBorneOut(later, [observed(3, everybody(2))])).toBe(false)
    expect(isBorneOut(later, [])).toBe(false)
  })

  it('of a rollback is wherever it began', () => {
    expect(isBorneOut(rollbackPolicy(3, 1), [observed(3, everybody(5))])).toBe(true)
    expect(isBorneOut(rollbackPolicy(3, 1), [])).toBe(false)
  })
})

describe('drift', () => {
  it('is a live deployment that nobody in the ledger has made', () => {
    const foreign = observed(9, everybody(9))
    expect(driftSince([promotedEntry(3, 4)], [foreign])).toBe(foreign)
    const other = observed(9, everybody(9), markerOf(999))
    expect(driftSince([promotedEntry(3, 4)], [other])).toBe(other)
  })

  it.each([
    ['the last rollout made it', observed(9, everybody(4), markerOf(3))],
    ['an earlier rollout made it', observed(9, everybody(1), markerOf(2))],
    ['the last rollout began from it and changed nothing', observed(3, everybody(3))],
    ['somebody deployed again what the last one had left', observed(9, everybody(4))],
  ])('is none when %s', (_, live) => {
    expect(driftSince([promotedEntry(3, 4), promotedEntry(2, 1)], [live])).toBeUndefined()
  })

  it('is none without a ledger, and without anything live', () => {
    expect(driftSince([], [observed(9, everybody(9))])).toBeUndefined()
    expect(driftSince([promotedEntry(3, 4)], [])).toBeUndefined()
  })

  it('is none when a restored baseline or a rollback\'s target was deployed again', () => {
    const restored = deployEntry(3, { state: 'failure', description: 'rolled-back: a check failed' })
    expect(driftSince([restored], [observed(9, everybody(3))])).toBeUndefined()
    const rolledBack = rollbackEntry(5, { from: [4], target: 2 })
    expect(driftSince([rolledBack], [observed(9, everybody(2))])).toBeUndefined()
    expect(driftSince([rolledBack], [observed(9, everybody(4))])).toBeDefined()
  })

  it('is seen when a split of somebody else holds what we left', () => {
    const split = [{ versionId: version(9), percentage: 0 }, { versionId: version(4), percentage: 100 }]
    expect(driftSince([promotedEntry(3, 4)], [observed(9, split)])).toBeDefined()
  })

  it('is measured from what has ended, not from what is under way', () => {
    const open = deployEntry(8, { state: 'in_progress', description: 'begun' })
    expect(lastSettled([open, promotedEntry(3, 4)])?.id).toBe(3)
    expect(lastSettled([open])).toBeUndefined()
    expect(driftSince([open, promotedEntry(3, 4)], [observed(9, everybody(4))])).toBeUndefined()
  })
})
