import { expect, it } from 'vitest'
import { causeSchema, endingSchema, outcomeOf, reasonOf, strandedReasonSchema, type Ending } from '../../src/core/ending.ts'

const rows: [Ending, 0 | 1, 'success' | 'failure'][] = [
  [{ kind: 'promoted' }, 0, 'success'],
  [{ kind: 'refused', reason: 'superseded' }, 0, 'success'],
  [{ kind: 'refused', reason: 'held' }, 0, 'success'],
  [{ kind: 'refused', reason: 'frozen' }, 0, 'success'],
  [{ kind: 'refused', reason: 'gate-failed' }, 1, 'failure'],
  [{ kind: 'refused', reason: 'cancelled' }, 1, 'failure'],
  [{ kind: 'refused', reason: 'a code that nobody has thought of yet' }, 1, 'failure'],
  [{ kind: 'yielded', to: 'rollback' }, 0, 'success'],
  [{ kind: 'yielded', to: 'foreign' }, 1, 'failure'],
  [{ kind: 'rolled-back', cause: 'by-hand' }, 0, 'success'],
  ...causeSchema.options.map((cause): [Ending, 1, 'failure'] => [{ kind: 'rolled-back', cause }, 1, 'failure']),
  ...strandedReasonSchema.options.map((reason): [Ending, 1, 'failure'] => [{ kind: 'stranded', reason }, 1, 'failure']),
]

it.each(rows)('%o exits with %i and sets the commit status to %s', (ending, exitCode, commitStatus) => {
  expect(outcomeOf(ending)).toEqual({ exitCode, commitStatus })
})

it.each(rows)('%o survives the journal, and gives its own code', (ending) => {
  expect(endingSchema.parse(JSON.parse(JSON.stringify(ending)))).toEqual(ending)
  expect(reasonOf(ending)).toBe('reason' in ending ? ending.reason : 'cause' in ending ? ending.cause : 'to' in ending ? ending.to : '')
})

it('has no cause and no stranded reason without words', () => {
  expect([...causeSchema.options, ...strandedReasonSchema.options]).not.toContain('')
})
