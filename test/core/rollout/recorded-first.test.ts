import { expect, it } from 'vitest'
import { isForward, type Effect } from '../../../src/core/rollout/state.ts'
import { applyTriggers, at, atBaseline, candidate, deployFully, promoted, readWithHoldIn, runChecks, settles, upload, writeBack, writeForward } from './vocabulary.ts'

it.each<[Effect]>([[upload(0)], [deployFully], [writeForward(at(0))], [writeForward(at(100))]])('is recorded in the ledger first, since it leads towards users: %j', (effect) => {
  expect(isForward(effect)).toBe(true)
})

it.each<[Effect]>([[readWithHoldIn(0)], [writeBack(atBaseline)], [runChecks(candidate(0))], [applyTriggers], [settles(promoted)[1]]])('waits for no ledger: %j', (effect) => {
  expect(isForward(effect)).toBe(false)
})
