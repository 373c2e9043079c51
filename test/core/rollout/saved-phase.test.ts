import { expect, it } from 'vitest'
import { phaseSchema } from '../../../src/core/rollout/state.ts'
import { CANDIDATE } from './vocabulary.ts'

// What a journal may hold by damage or by another's hand; the tables show that each phase itself is read back as it was.
const shift = { lastWrite: 'none', readsLeft: 1, writesLeft: 1 }
const restore = { kind: 'restore', cause: 'held', exposed: false }
const raise = { kind: 'raise', percent: 10, candidate: CANDIDATE }
const baseline = { kind: 'baseline', cause: 'held', exposed: false }
const roundsLeft = { unknown: 1, incident: 1 }

it.each([
  ['a phase that is not known', { kind: 'resting' }],
  ['no phase at all', {}],
  ['a budget below zero', { kind: 'uploading', triesLeft: -1 }],
  ['half a try', { kind: 'uploading', triesLeft: 0.5 }],
  ['a missing budget', { kind: 'reading', goal: restore, lastWrite: 'none', readsLeft: 1 }],
  ['a goal that is not known', { kind: 'reading', goal: { kind: 'hope' }, ...shift }],
  ['a missing goal', { kind: 'writing', ...shift }],
  ['more than everybody', { kind: 'writing', goal: { ...raise, percent: 101 }, ...shift }],
  ['less than nobody', { kind: 'writing', goal: { ...raise, percent: -1 }, ...shift }],
  ['a candidate that is no version', { kind: 'reading', goal: { ...raise, candidate: 'latest' }, ...shift }],
  ['a cause that is not known', { kind: 'reading', goal: { ...restore, cause: 'mood' }, ...shift }],
  ['a split among nobody', { kind: 'reading', goal: { kind: 'put-back', split: [], to: 'foreign' }, ...shift }],
  ['a last write that is not known', { kind: 'reading', goal: restore, ...shift, lastWrite: 'maybe' }],
  ['a subject that is not known', { kind: 'checking', subject: { kind: 'weather' }, roundsLeft }],
  ['missing rounds', { kind: 'checking', subject: baseline, roundsLeft: {} }],
  ['an ending that is not known', { kind: 'settled', ending: { kind: 'won' } }],
])('is not read from the journal: %s', (_, saved) => {
  expect(phaseSchema.safeParse(saved).success).toBe(false)
})

it.each([
  ['nobody yet', 0],
  ['everybody', 100],
])('is read from the journal: a raise to %s', (_, percent) => {
  expect(phaseSchema.safeParse({ kind: 'reading', goal: { ...raise, percent }, ...shift }).success).toBe(true)
})
