import { describe } from 'vitest'
import { specify } from './table.ts'
import {
  aborted, advised, amidSoak, anotherRollback, overdue, paused, applyingTriggers, applyTriggers, approving, candidate, checked, checking, held, live, ours, promoted, raise, raiseSoaked, reading,
  readIn, readListeningIn, readWithHoldIn, restoreExposed, restoreUnexposed, rounds, runChecks, settles, soak, soaked, soaking, soakingAt, soakingThen,
  staged, stranger, undecided, yielded, at, unreadable, writing, writeForward,
} from './vocabulary.ts'

// What it does, the phase, what is seen -> the next phase, the effect.

describe('healthy checks', () => {
  specify(soaking, [
    ['lead from the stage straight to the first step', checking(candidate(0)), checked('healthy'), reading(raise(10)), readListeningIn(0)],
    ['begin the soak of a step', checking(candidate(10)), checked('healthy'), soakingAt(10), soak(10)],
    ['begin the watch at 100 %', checking(candidate(100)), checked('healthy'), soakingAt(100), soak(100)],
    ['after its soak lead to the next step', checking(soaked(10)), checked('healthy'), reading(raise(50)), readListeningIn(0)],
  ])
  specify(approving, [
    ['at the stage wait for the approval of the first step', checking(candidate(0)), checked('healthy'), soakingAt(0), soak(0)],
    ['wait for nobody before a step that wants no approval', checking(candidate(10)), checked('healthy'), reading(raise(50)), readListeningIn(0)],
  ])
})

describe('a soak', () => {
  describe('that harm is proven in', () => {
    specify(soaking, [
      ['goes back', soakingAt(10), advised('restore'), reading(restoreExposed('regressed')), readIn(0)],
      ['goes back during the watch', soakingAt(100), advised('restore'), reading(restoreExposed('regressed')), readIn(0)],
      ['goes back although it is paused', soakingAt(10, { paused: true }), advised('restore'), reading(restoreExposed('regressed')), readIn(0)],
      ['goes back although somebody says go on', soakingAt(10), advised('restore', { steering: 'promote' }), reading(restoreExposed('regressed')), readIn(0)],
    ])
  })

  describe('that may go on', () => {
    specify(soaking, [
      ['checks once more', soakingAt(10), advised('advance'), checking(soaked(10)), runChecks(soaked(10))],
      ['checks once more although no look is left', soakingAt(10, { pollsLeft: 0 }), advised('advance'), checking(soaked(10)), runChecks(soaked(10))],
      ['has ended the watch', soakingAt(100), advised('advance'), ...settles(promoted)],
      ['stays while it is paused', soakingAt(10, { paused: true }), advised('advance'), reading(raise(10), amidSoak({ paused: true, pollsLeft: 4 })), readIn(0)],
    ])
    specify({ ...soaking, applyTriggers: true }, [['applies the triggers after the watch', soakingAt(100), advised('advance'), applyingTriggers, applyTriggers]])
  })

  describe('that is not over, or has decided nothing', () => {
    specify(soaking, [
      ['looks again, if the split still stands', soakingAt(10), advised('wait'), reading(raise(10), amidSoak({ pollsLeft: 4 })), readIn(0)],
      ['holds on, undecided', soakingAt(10), advised('undecided'), reading(raise(10), amidSoak({ pollsLeft: 4 })), readIn(0)],
      ['holds on through an incident', soakingAt(10), advised('hold'), reading(raise(10), amidSoak({ pollsLeft: 4 })), readIn(0)],
      ['looks again with the last look', soakingAt(10, { pollsLeft: 1 }), advised('wait'), reading(raise(10), amidSoak({ pollsLeft: 0 })), readIn(0)],
    ])
    specify(soakingThen('promote'), [
      ['goes on where the policy says so', soakingAt(10), advised('undecided'), checking(soaked(10)), runChecks(soaked(10))],
      ['still waits for its end', soakingAt(10), advised('wait'), reading(raise(10), amidSoak({ pollsLeft: 4 })), readIn(0)],
      ['never goes on in an incident', soakingAt(10), advised('hold'), reading(raise(10), amidSoak({ pollsLeft: 4 })), readIn(0)],
      ['never goes on while it is paused', soakingAt(10, { paused: true }), advised('undecided'), reading(raise(10), amidSoak({ paused: true, pollsLeft: 4 })), readIn(0)],
    ])
    specify(soakingThen('rollback'), [
      ['goes back where the policy says so', soakingAt(10), advised('undecided'), reading(restoreExposed('inconclusive')), readIn(0)],
      ['does not go back while it is paused', soakingAt(10, { paused: true }), advised('undecided'), reading(raise(10), amidSoak({ paused: true, pollsLeft: 4 })), readIn(0)],
      ['does not go back in an incident', soakingAt(10), advised('hold'), reading(raise(10), amidSoak({ pollsLeft: 4 })), readIn(0)],
      ['does not go back from the watch, whatever its advice', soakingAt(100), advised('undecided'), ...settles(promoted)],
    ])
  })

  describe('at the deadline', () => {
    const late = { isOverdue: true }
    specify(soaking, [
      ['goes back from a soak that is not over', soakingAt(10), advised('wait', late), reading(restoreExposed('deadline')), readIn(0)],
      ['goes back from one that has decided nothing', soakingAt(10), advised('undecided', late), reading(restoreExposed('inconclusive')), readIn(0)],
      ['goes back from an incident, and says so', soakingAt(10), advised('hold', late), reading(restoreExposed('shared-incident')), readIn(0)],
      ['goes back from one that may go on: more users would be too late', soakingAt(10), advised('advance', late), reading(restoreExposed('deadline')), readIn(0)],
      ['goes back although somebody says promote', soakingAt(10), advised('advance', { ...late, steering: 'promote' }), reading(restoreExposed('deadline')), readIn(0)],
      ['goes back from a pause', soakingAt(10, { paused: true }), advised('advance', late), reading(restoreExposed('deadline')), readIn(0)],
      ['goes back when no look is left', soakingAt(10, { pollsLeft: 0 }), advised('wait'), reading(restoreExposed('deadline')), readIn(0)],
      ['goes back for the harm, if there is some', soakingAt(10), advised('restore', late), reading(restoreExposed('regressed')), readIn(0)],
      ['goes back for the person, if one says abort', soakingAt(10), advised('wait', { ...late, steering: 'abort' }), reading(restoreExposed('aborted')), readIn(0)],
    ])
    specify(soakingThen('promote'), [['goes back from one that has decided nothing, whatever the policy', soakingAt(10), advised('undecided', late), reading(restoreExposed('inconclusive')), readIn(0)]])
    specify(approving, [['goes back unexposed from the stage that nobody approved', soakingAt(0), advised('advance', late), reading(restoreUnexposed('deadline')), readIn(0)]])
  })

  describe('that is the watch after promotion', () => {
    const late = { isOverdue: true }
    const left = amidSoak({ pollsLeft: 63 })
    specify(soaking, [
      ['looks again, if the split still stands', soakingAt(100), advised('wait'), reading(raise(100), left), readIn(0)],
      ['has time of its own: the deadline was for getting there', soakingAt(100), advised('wait', late), reading(raise(100), left), readIn(0)],
      ['still finds harm after the deadline', soakingAt(100), advised('restore', late), reading(restoreExposed('regressed')), readIn(0)],
      ['is over after the deadline as before it', soakingAt(100), advised('advance', late), ...settles(promoted)],
      ['is over when no look is left', soakingAt(100, { pollsLeft: 0 }), advised('wait'), ...settles(promoted)],
      ['holds on through an incident', soakingAt(100), advised('hold'), reading(raise(100), left), readIn(0)],
      ['is aborted', soakingAt(100), advised('wait', { steering: 'abort' }), reading(restoreExposed('aborted')), readIn(0)],
      ['is not shortened by a promotion', soakingAt(100), advised('wait', { steering: 'promote' }), reading(raise(100), left), readIn(0)],
      ['is not lengthened by a pause', soakingAt(100), advised('advance', { steering: 'pause' }), ...settles(promoted)],
    ])
  })

  describe('that people steer', () => {
    specify(soaking, [
      ['is paused', soakingAt(10), advised('advance', { steering: 'pause' }), reading(raise(10), amidSoak({ paused: true, pollsLeft: 4 })), readIn(0)],
      ['is resumed, and goes on at once if it may', soakingAt(10, { paused: true }), advised('advance', { steering: 'resume' }), checking(soaked(10)), runChecks(soaked(10))],
      ['is resumed, and waits on', soakingAt(10, { paused: true }), advised('wait', { steering: 'resume' }), reading(raise(10), amidSoak({ pollsLeft: 4 })), readIn(0)],
      ['goes on when somebody says so', soakingAt(10), advised('wait', { steering: 'promote' }), checking(soaked(10)), runChecks(soaked(10))],
      ['goes on although it is paused, when somebody says so', soakingAt(10, { paused: true }), advised('hold', { steering: 'promote' }), checking(soaked(10)), runChecks(soaked(10))],
      ['is aborted', soakingAt(10), advised('advance', { steering: 'abort' }), reading(restoreExposed('aborted')), readIn(0)],
    ])
    specify(approving, [
      ['waits for the approval of the first step', soakingAt(0), advised('advance'), reading(raise(0), amidSoak({ pollsLeft: 4 })), readIn(0)],
      ['is approved, and goes on at once if it may', soakingAt(0), advised('advance', { steering: 'approve' }), checking(soaked(0)), runChecks(soaked(0))],
      ['is approved before its end, and waits for that', soakingAt(50), advised('wait', { steering: 'approve' }), reading(raise(50), amidSoak({ approved: true, pollsLeft: 4 })), readIn(0)],
      ['goes on at its end, approved before', soakingAt(50, { approved: true }), advised('advance'), checking(soaked(50)), runChecks(soaked(50))],
      ['goes on unapproved when somebody says promote', soakingAt(0), advised('advance', { steering: 'promote' }), checking(soaked(0)), runChecks(soaked(0))],
      ['is aborted unexposed from the stage', soakingAt(0), advised('advance', { steering: 'abort' }), reading(restoreUnexposed('aborted')), readIn(0)],
    ])
    const promoting = { ...approving, ramp: { ...approving.ramp, whenInconclusive: 'promote' } } as const
    specify(promoting, [['needs the approval whatever the policy', soakingAt(50), advised('undecided'), reading(raise(50), amidSoak({ pollsLeft: 4 })), readIn(0)]])
  })
})

describe('reading production amid a soak', () => {
  const left = amidSoak({ paused: true, pollsLeft: 3 })
  specify(soaking, [
    ['goes on with what is left when the split stands', reading(raise(10), left), live(ours(at(10))), soakingAt(10, { paused: true, pollsLeft: 3 }), soak(10, { isPaused: true })],
    ['goes on unpaused', reading(raise(50), amidSoak({ approved: true })), live(ours(at(50))), soakingAt(50, { approved: true }), soak(50, { isApproved: true })],
    ['reads again when it cannot', reading(raise(10), left), unreadable, reading(raise(10), { ...left, readsLeft: 3 }), readIn(1)],
    ['leaves a hold to the next step, whose reading asks for it', reading(raise(10), left), held(ours(at(10))), soakingAt(10, { paused: true, pollsLeft: 3 }), soak(10, { isPaused: true })],
    ['yields to somebody else', reading(raise(10), left), live(stranger()), ...settles(yielded('foreign'))],
    ['yields to a rollback', reading(raise(10), left), live(anotherRollback()), ...settles(yielded('rollback'))],
    ['reads again when the split is gone, which one reading does not prove', reading(raise(10), left), live(ours(at(0))), reading(raise(10), { ...left, readsLeft: 3 }), readIn(1)],
    ['writes the split again that is gone, and keeps the soak', reading(raise(10), { ...left, readsLeft: 1 }), live(ours(at(0))), writing(raise(10), left), writeForward(at(10))],
    ['writes the split again that is gone when no reading is left', reading(raise(10), { ...left, readsLeft: 0 }), live(ours(at(0))), writing(raise(10), left), writeForward(at(10))],
  ])
})

describe('right before the next step', () => {
  const stay = { paused: true, approved: true }
  specify(soaking, [
    ['a pause keeps the share, and the soak goes on', reading(raise(50)), paused(ours(at(10))), soakingAt(10, stay), soak(10, { isPaused: true, isApproved: true })],
    ['a pause keeps the stage', reading(raise(10)), paused(ours(at(0))), soakingAt(0, stay), soak(0, { isPaused: true, isApproved: true })],
    ['an abort goes back', reading(raise(50)), aborted(ours(at(10))), reading(restoreExposed('aborted')), readIn(0)],
    ['an abort goes back unexposed from the stage', reading(raise(10)), aborted(ours(at(0))), reading(restoreUnexposed('aborted')), readIn(0)],
    ['the deadline goes back', reading(raise(50)), overdue(ours(at(10))), reading(restoreExposed('deadline')), readIn(0)],
    ['the deadline goes back unexposed from the stage', reading(raise(10)), overdue(ours(at(0))), reading(restoreUnexposed('deadline')), readIn(0)],
    ['the deadline does not undo what has landed', reading(raise(100), { lastWrite: 'accepted' }), overdue(ours(at(100))), checking(candidate(100)), runChecks(candidate(100))],
    ['the deadline ends checks that decide nothing', reading(raise(100), undecided({ unknown: 1 })), overdue(ours(at(100))), reading(restoreExposed('deadline'), { lastWrite: 'sent' }), readIn(0)],
  ])
  specify(approving, [['a pause forgets no approval', soakingAt(50, stay), advised('advance', { steering: 'resume' }), checking(soaked(50)), runChecks(soaked(50))]])
})

describe('checks after a soak that decide nothing', () => {
  specify(staged, [
    ['are repeated as what they are', checking(soaked(10)), checked('unknown'), reading(raiseSoaked(10), undecided({ unknown: 2 })), readWithHoldIn(5)],
    ['still are when the split stands', reading(raiseSoaked(10), undecided({ unknown: 2 })), live(ours(at(10))), checking(soaked(10), { unknown: 2 }), runChecks(soaked(10))],
    ['go back when they find the candidate unhealthy', checking(soaked(10), rounds()), checked('regressed'), reading(restoreExposed('check-failed')), readIn(0)],
  ])
})
