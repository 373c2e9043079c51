import { describe, expect, it } from 'vitest'
import { reasonOf, type Ending } from '../../src/core/ending.ts'
import {
  announcedCandidate,
  decodePayload,
  formatEnd,
  readEnd,
  formatProgress,
  formatRelease,
  standingHolds,
  describeHold,
  isOpen,
  isSameEntry,
  isTrusted,
  isUnfinished,
  openEntries,
  promotedVersion,
  readEntries,
  readProgress,
  stateOf,
  taskOf,
} from '../../src/core/ledger.ts'
import { bot, caller, deployEntry, deployPayload, holdEntry, key, rawEntry, sha, version } from './ledger-samples.ts'

const twice = (value: unknown) => JSON.stringify(JSON.stringify(value))
const thrice = (value: unknown) => JSON.stringify(twice(value))

describe('an entry', () => {
  it('is listed under a task of its kind and Worker', () => {
    expect([taskOf('deploy', 'shop'), taskOf('rollback', 'shop'), taskOf('hold', 'shop')]).toEqual(['sleepwell/shop', 'sleepwell-rollback/shop', 'sleepwell-hold/shop'])
  })

  it.each([
    ['as it was sent', (value: unknown) => value],
    ['as text', (value: unknown) => JSON.stringify(value)],
    ['as text within text', twice],
    ['as text within text within text', thrice],
  ])('is read when its payload comes back %s', (_, encode) => {
    expect(readEntries('deploy', key, [rawEntry({ payload: encode(deployPayload(3)) })])).toEqual([{ id: 9, payload: deployPayload(3), statuses: [] }])
  })

  it.each([['', undefined], ['{', undefined], ['null', undefined], [{}, undefined], [JSON.stringify(thrice(deployPayload(3))), undefined]])(
    'is none when its payload is %j',
    (payload, nothing) => {
      expect(decodePayload(payload)).toBe(nothing)
    },
  )

  it.each([
    ['another app', { creator: 'tide[bot]' }],
    ['a person', { creator: 'mona' }],
    ['an account that is gone', { creator: undefined }],
    ['another task', { task: 'deploy' }],
    ['another Worker, by its task', { task: 'sleepwell/mail' }],
    ['a rollback, by its task', { task: 'sleepwell-rollback/shop' }],
    ['another commit than it says', { sha: sha(2) }],
    ['another Cloudflare account', { payload: { ...deployPayload(3), account: 'other' } }],
    ['another Worker', { payload: { ...deployPayload(3), worker: 'mail' } }],
    ['another environment', { payload: { ...deployPayload(3), environment: 'staging' } }],
    ['another kind', { payload: holdEntry(3).payload }],
    ['a shape of the future', { payload: { ...deployPayload(3), schemaVersion: 2 } }],
  ])('does not count when it is of %s', (_, change) => {
    expect(readEntries('deploy', key, [rawEntry(change)])).toEqual([])
  })

  it('keeps only what we have said about it', () => {
    const statuses = [
      { state: 'success', description: `promoted ${version(9)}`, creator: 'mona' },
      { state: 'inactive', description: 'closed', creator: undefined },
      { state: 'in_progress', description: 'begun', creator: bot },
    ]
    expect(readEntries('deploy', key, [rawEntry({ statuses })])).toMatchObject([{ statuses: [{ state: 'in_progress', description: 'begun' }] }])
  })

  it('is the same when kind, key, commit, run and attempt are', () => {
    const one = deployPayload(3)
    expect(isSameEntry(one, { ...one, caller: 'elsewhere' })).toBe(true)
    const others = [
      holdEntry(3).payload,
      { ...one, account: 'other' },
      { ...one, worker: 'mail' },
      { ...one, environment: 'staging' },
      { ...one, sha: sha(2) },
      { ...one, runId: 4 },
      { ...one, runAttempt: 2 },
    ]
    expect(others.filter((other) => isSameEntry(one, other))).toEqual([])
  })
})

describe('trust in an entry', () => {
  const run = { path: caller, headBranch: 'main', headRepositoryId: 7 }
  const repository = { id: 7, defaultBranch: 'main' }

  it('needs a run of the workflow that it names, on the default branch', () => {
    expect(isTrusted(deployEntry(3), run, repository)).toBe(true)
    expect(isTrusted(deployEntry(3), { ...run, path: `${caller}@refs/heads/main` }, repository)).toBe(true)
  })

  it.each([
    ['is not there', undefined],
    ['is of another workflow', { ...run, path: '.github/workflows/evil.yml' }],
    ['is of another branch', { ...run, headBranch: 'evil' }],
    ['is of no branch', { ...run, headBranch: null }],
    ['is of a fork', { ...run, headRepositoryId: 8 }],
    ['is of a fork that is gone', { ...run, headRepositoryId: undefined }],
  ])('is refused when the run %s', (_, claimed) => {
    expect(isTrusted(deployEntry(3), claimed, repository)).toBe(false)
  })
})

describe('an open entry', () => {
  it.each([
    ['nothing was said', []],
    ['it is under way', [{ state: 'in_progress', description: 'begun' }]],
    ['GitHub has marked it inactive without a word', [{ state: 'inactive', description: '' }, { state: 'in_progress', description: 'begun' }]],
  ])('is one of which %s', (_, statuses) => {
    expect(isOpen(deployEntry(3, ...statuses))).toBe(true)
    expect(openEntries([deployEntry(3, ...statuses)])).toHaveLength(1)
  })

  it.each<Ending>([
    { kind: 'promoted' },
    { kind: 'rolled-back', cause: 'check-failed' },
    { kind: 'rolled-back', cause: 'by-hand' },
    { kind: 'refused', reason: 'held' },
    { kind: 'yielded', to: 'rollback' },
    { kind: 'yielded', to: 'foreign' },
    { kind: 'stranded', reason: 'outpaced' },
  ])('is closed by its ending: $kind', (ending) => {
    const end = { state: stateOf(ending), description: formatEnd(ending, undefined) }
    const entry = deployEntry(3, end, { state: 'in_progress', description: 'begun' })
    expect(isOpen(entry)).toBe(false)
    expect(readEnd(entry)).toEqual({ ending: ending.kind, reason: reasonOf(ending) })
  })

  it('has no ending while it is under way', () => {
    expect(readEnd(deployEntry(3, { state: 'in_progress', description: 'begun' }))).toBeUndefined()
  })

  it('stays closed when a late reply of a dead run comes after its ending', () => {
    expect(isOpen(deployEntry(3, { state: 'in_progress', description: 'late' }, { state: 'failure', description: 'rolled-back' }))).toBe(false)
  })
})

const endedWith = (ending: Ending) => deployEntry(3, { state: stateOf(ending), description: formatEnd(ending, undefined) }, { state: 'in_progress', description: 'begun' })

describe('an unfinished rollout', () => {
  it('is one whose entry is open', () => {
    expect(isUnfinished(deployEntry(3, { state: 'in_progress', description: 'begun' }))).toBe(true)
  })

  it('is one that ended while Cloudflare was silent: its split may still stand', () => {
    expect(isUnfinished(endedWith({ kind: 'stranded', reason: 'cloudflare-unavailable' }))).toBe(true)
  })

  it.each<Ending>([{ kind: 'promoted' }, { kind: 'refused', reason: 'cloudflare-unavailable' }, { kind: 'stranded', reason: 'baseline-unhealthy' }])('is none that ended $kind', (ending) => {
    expect(isUnfinished(endedWith(ending))).toBe(false)
  })
})

describe('the state of an ending', () => {
  it.each<[Ending, string]>([
    [{ kind: 'promoted' }, 'success'],
    [{ kind: 'rolled-back', cause: 'check-failed' }, 'failure'],
    [{ kind: 'rolled-back', cause: 'by-hand' }, 'success'],
    [{ kind: 'refused', reason: 'held' }, 'inactive'],
    [{ kind: 'yielded', to: 'foreign' }, 'inactive'],
    [{ kind: 'stranded', reason: 'outpaced' }, 'error'],
  ])('%j is %s', (ending, state) => {
    expect(stateOf(ending)).toBe(state)
  })
})

describe('progress', () => {
  const candidate = version(5)

  it.each([0, 0.5, 5, 100])('to %d % is read back as it was written, whatever follows', (percent) => {
    const text = formatProgress({ candidate, percent })
    expect(readProgress(text)).toEqual({ candidate, percent })
    expect(readProgress(`${text}, watched`)).toEqual({ candidate, percent })
    expect(text.length).toBeLessThan(140)
  })

  it.each(['', 'begun', 'stage', 'stage 5', `restage ${candidate}`, `raise ${candidate}`, `promoted ${candidate}`])('is not read from "%s"', (text) => {
    expect(readProgress(text)).toBeUndefined()
  })

  it('names the candidate that was announced last', () => {
    const statuses = [candidate, version(4)].map((id) => ({ state: 'in_progress', description: formatProgress({ candidate: id, percent: 0 }) }))
    expect(announcedCandidate(deployEntry(3, { state: 'in_progress', description: 'begun' }, ...statuses))).toBe(candidate)
    expect(announcedCandidate(deployEntry(3))).toBeUndefined()
  })
})

const ended = (state: string, description: string) => promotedVersion(deployEntry(3, { state: 'inactive', description: '' }, { state, description }))

describe('a promoted version', () => {
  it.each([formatEnd({ kind: 'promoted' }, version(5)), `promoted ${version(5)}: all is well`])('is read from "%s"', (description) => {
    expect(ended('success', description)).toBe(version(5))
  })

  it.each([
    ['success', 'promoted'],
    ['success', `promoted ${version(5)}0`],
    ['success', `rolled-back ${version(5)}`],
    ['success', `not promoted ${version(5)}`],
    ['in_progress', `promoted ${version(5)}`],
    ['failure', `promoted ${version(5)}`],
  ])('is none when %s says "%s"', (state, description) => {
    expect(ended(state, description)).toBeUndefined()
  })
})

const lifted = { state: 'inactive', description: formatRelease('mona') }
const standing = (holds: Parameters<typeof standingHolds>[0]) => standingHolds(holds, Date.parse('2026-11-26T12:00:00Z')).map(({ id }) => id)
const heldUntil = (until: string) => ({ ...holdEntry(1), payload: { ...holdEntry(1).payload, until } })

describe('a hold', () => {
  it('stands until it is lifted, even when GitHub marks it inactive', () => {
    expect(standing([holdEntry(1, { state: 'in_progress', description: 'held' })])).toEqual([1])
    expect(standing([holdEntry(1, { state: 'inactive', description: '' })])).toEqual([1])
    expect(standing([holdEntry(1, lifted)])).toEqual([])
    expect(standing([])).toEqual([])
  })

  it('is told newest first, whatever has been lifted', () => {
    expect(standing([holdEntry(3, lifted), holdEntry(2), holdEntry(1)])).toEqual([2, 1])
  })

  it.each([
    ['2026-11-26T12:00:00.001Z', [1]],
    ['2026-11-26T12:00:00.000Z', []],
    ['2026-11-26T11:59:59Z', []],
    // What cannot be read is no end.
    ['tomorrow', [1]],
    ['2026-13-26T12:00:00Z', [1]],
    ['', [1]],
  ])('until %s leaves at noon %j', (until, ids) => {
    expect(standing([heldUntil(until)])).toEqual(ids)
  })

  it('says whose it is, until when and why', () => {
    expect(describeHold(heldUntil('2026-11-29T10:00:00.000Z'))).toBe('Held by mona until 2026-11-29 10:00 UTC, or until released: it burns')
    expect(describeHold(holdEntry(1))).toBe('Held by mona until released: it burns')
  })
})
