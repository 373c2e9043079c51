import { describe, expect, it } from 'vitest'
import { causeSchema, endingSchema, outcomeOf, reasonOf, strandedReasonSchema, type Cause, type Ending, type StrandedReason } from '../../src/core/ending.ts'

// Written out, and not taken from the code: journals and ledgers of earlier releases hold these words.
const CAUSES: readonly Cause[] = [
  'cancelled',
  'run-died',
  'held',
  'frozen',
  'ledger-unavailable',
  'cloudflare-unavailable',
  'write-rejected',
  'upload-failed',
  'check-failed',
  'check-unknown',
  'shared-incident',
  'regressed',
  'inconclusive',
  'deadline',
  'aborted',
  'nothing-live',
]

const STRANDED_REASONS: readonly StrandedReason[] = [
  'cloudflare-unavailable',
  'write-rejected',
  'baseline-unhealthy',
  'baseline-unknown',
  'shared-incident',
  'target-unhealthy',
  'target-unknown',
  'full-deploy-failed',
  'full-deploy-unhealthy',
  'full-deploy-unknown',
  'triggers-failed',
  'triggers-unknown',
  'outpaced',
  'nothing-live',
  'no-trusted-target',
]

// The ending -> the exit code, the commit status, the code beside its name.
const rows: [Ending, 0 | 1, 'success' | 'failure', string][] = [
  [{ kind: 'promoted' }, 0, 'success', ''],
  [{ kind: 'refused', reason: 'superseded' }, 0, 'success', 'superseded'],
  [{ kind: 'refused', reason: 'held' }, 0, 'success', 'held'],
  [{ kind: 'refused', reason: 'frozen' }, 0, 'success', 'frozen'],
  [{ kind: 'refused', reason: 'gate-failed' }, 1, 'failure', 'gate-failed'],
  [{ kind: 'refused', reason: 'cancelled' }, 1, 'failure', 'cancelled'],
  [{ kind: 'refused', reason: 'a code that nobody has thought of yet' }, 1, 'failure', 'a code that nobody has thought of yet'],
  [{ kind: 'yielded', to: 'rollback' }, 0, 'success', 'rollback'],
  [{ kind: 'yielded', to: 'foreign' }, 1, 'failure', 'foreign'],
  [{ kind: 'rolled-back', cause: 'by-hand' }, 0, 'success', 'by-hand'],
  ...CAUSES.map((cause): [Ending, 1, 'failure', string] => [{ kind: 'rolled-back', cause }, 1, 'failure', cause]),
  ...STRANDED_REASONS.map((reason): [Ending, 1, 'failure', string] => [{ kind: 'stranded', reason }, 1, 'failure', reason]),
]

describe('every ending', () => {
  it.each(rows)('%o exits with %i and sets the commit status to %s', (ending, exitCode, commitStatus) => {
    expect(outcomeOf(ending)).toEqual({ exitCode, commitStatus })
  })

  it.each(rows)('%o survives the journal, and gives its own code', (ending, _exitCode, _commitStatus, code) => {
    expect(endingSchema.parse(JSON.parse(JSON.stringify(ending)))).toEqual(ending)
    expect(reasonOf(ending)).toBe(code)
  })

  it.each([
    ['a kind that is not known', { kind: 'won' }],
    ['a refusal without a reason', { kind: 'refused' }],
    ['a cause that is not known', { kind: 'rolled-back', cause: 'mood' }],
    ['somebody who is not known', { kind: 'yielded', to: 'fate' }],
    ['a reason of another ending', { kind: 'stranded', reason: 'held' }],
  ])('is not read from the journal with %s', (_, saved) => {
    expect(endingSchema.safeParse(saved).success).toBe(false)
  })
})

it('has the causes and the reasons of this table, and no others', () => {
  expect(causeSchema.options.toSorted()).toEqual(CAUSES.toSorted())
  expect(strandedReasonSchema.options.toSorted()).toEqual(STRANDED_REASONS.toSorted())
})
