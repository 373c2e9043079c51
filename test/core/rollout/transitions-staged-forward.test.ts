import { describe } from 'vitest'
import { specify } from './table.ts'
import {
  accepted, anotherDeploy, BASELINE, CANDIDATE, overdue, anotherRollback, applyingTriggers, applyTriggers, at, candidate,
  checked, checking, frozen, held, live, nothingLive, notRecorded, ours, promoted, putBack, raise, reading, readIn, readListeningIn, readWithHoldIn,
  refused, rejected, restoreExposed, restoreUnexposed, rounds, runChecks, settles, staged, stranded, stranger, throttled,
  triggers, unanswered, unreadable, upload, uploaded, uploadFailed, uploadFailedForGood, uploading, writeForward, writing, yielded, undecided,
} from './vocabulary.ts'

// What it does, the phase, what is seen -> the next phase, the effect.

describe('uploading', () => {
  specify(staged, [
    ['goes on to the stage once the candidate is there', uploading(2), uploaded, reading(raise(0)), readWithHoldIn(0)],
    ['tries again after one second', uploading(2), uploadFailed, uploading(1), upload(1)],
    ['tries a last time after two seconds', uploading(1), uploadFailed, uploading(0), upload(2)],
    ['refuses when no try is left', uploading(0), uploadFailed, ...settles(refused('upload-failed'))],
    ['refuses at once what will not get better', uploading(2), uploadFailedForGood, ...settles(refused('upload-failed'))],
    ['refuses when the ledger did not take the entry', uploading(2), notRecorded, ...settles(refused('ledger-unavailable'))],
  ])
})

describe('reading production on the way forward', () => {
  const sent = { lastWrite: 'sent' } as const
  const spent = { lastWrite: 'sent', writesLeft: 0 } as const
  const again = rounds({ unknown: 1 })

  describe('finds what is there', () => {
    specify(staged, [
      ['writes the stage over the anchor', reading(raise(0)), live(), writing(raise(0)), writeForward(at(0))],
      ['writes the first step over the stage', reading(raise(10)), live(ours(at(0))), writing(raise(10)), writeForward(at(10))],
      ['writes the candidate alone at last', reading(raise(100)), live(ours(at(50))), writing(raise(100)), writeForward(at(100))],
      ['writes again what did not land', reading(raise(10), { ...sent, writesLeft: 1 }), live(ours(at(0))), writing(raise(10), { ...sent, writesLeft: 0 }), writeForward(at(10))],
      ['checks the stage that landed', reading(raise(0), sent), live(ours(at(0))), checking(candidate(0)), runChecks(candidate(0))],
      ['checks a step that landed', reading(raise(10), sent), live(ours(at(10)), ours(at(0))), checking(candidate(10)), runChecks(candidate(10))],
      ['checks the last step that landed, though no write is left', reading(raise(100), spent), live(ours(at(100))), checking(candidate(100)), runChecks(candidate(100))],
      ['writes a share that floating point would spoil', reading(raise(64.1)), live(ours(at(0))), writing(raise(64.1)), writeForward([{ versionId: CANDIDATE, percentage: 64.1 }, { versionId: BASELINE, percentage: 35.9 }])],
      ['takes the decimals that Cloudflare gives back', reading(raise(64.1), sent), live(ours([{ versionId: CANDIDATE, percentage: 64.1 }, { versionId: BASELINE, percentage: 35.900000000000006 }])), checking(candidate(64.1)), runChecks(candidate(64.1))],
      ['takes no other share for its own', reading(raise(64.1), sent), live(ours(at(64.11))), writing(raise(64.1), sent), writeForward(at(64.1))],
      ['repeats undecided checks with the rounds that are left', reading(raise(10), { ...sent, again }), live(ours(at(10))), checking(candidate(10), again), runChecks(candidate(10))],
    ])
  })

  describe('does not find an accepted write yet', () => {
    const late = { lastWrite: 'accepted' } as const
    specify(staged, [
      ['reads again after a second: written again it would be two writes for one step', reading(raise(10), late), live(ours(at(0))), reading(raise(10), { ...late, readsLeft: 3 }), readWithHoldIn(1)],
      ['reads again after two seconds', reading(raise(10), { ...late, readsLeft: 3 }), live(ours(at(0))), reading(raise(10), { ...late, readsLeft: 2 }), readWithHoldIn(2)],
      ['reads a last time after four seconds', reading(raise(10), { ...late, readsLeft: 2 }), live(ours(at(0))), reading(raise(10), { ...late, readsLeft: 1 }), readWithHoldIn(4)],
      ['writes it again then, with fresh readings', reading(raise(10), { ...late, readsLeft: 1 }), live(ours(at(0))), writing(raise(10), late), writeForward(at(10))],
      ['reads the stage again, though only the anchor is there', reading(raise(0), late), live(), reading(raise(0), { ...late, readsLeft: 3 }), readWithHoldIn(1)],
      ['goes back all the same when a hold comes meanwhile', reading(raise(10), late), held(ours(at(0))), reading(restoreExposed('held'), { lastWrite: 'sent' }), readIn(0)],
      ['goes back all the same after the deadline', reading(raise(10), late), overdue(ours(at(0))), reading(restoreExposed('deadline'), { lastWrite: 'sent' }), readIn(0)],
    ])
  })

  describe('runs out of writes', () => {
    specify(staged, [
      ['goes back unexposed from a stage that never landed', reading(raise(0), spent), live(), reading(restoreUnexposed('cloudflare-unavailable'), { lastWrite: 'sent' }), readIn(0)],
      ['goes back exposed from a step that may have landed', reading(raise(10), spent), live(ours(at(0))), reading(restoreExposed('cloudflare-unavailable'), { lastWrite: 'sent' }), readIn(0)],
    ])
  })

  describe('meets a hold', () => {
    specify(staged, [
      ['refuses before anything was sent', reading(raise(0)), held(), ...settles(refused('held'))],
      ['goes back unexposed when the stage may have been sent', reading(raise(0), sent), held(), reading(restoreUnexposed('held'), { lastWrite: 'sent' }), readIn(0)],
      ['goes back unexposed before the first step', reading(raise(10)), held(ours(at(0))), reading(restoreUnexposed('held')), readIn(0)],
      ['goes back exposed when the first step may have been sent', reading(raise(10), sent), held(ours(at(0))), reading(restoreExposed('held'), { lastWrite: 'sent' }), readIn(0)],
      ['goes back exposed before a later step', reading(raise(50)), held(ours(at(10))), reading(restoreExposed('held')), readIn(0)],
      ['still checks what has landed', reading(raise(10), sent), held(ours(at(10))), checking(candidate(10)), runChecks(candidate(10))],
      ['goes back rather than repeat undecided checks', reading(raise(10), { ...sent, again }), held(ours(at(10))), reading(restoreExposed('held'), { lastWrite: 'sent' }), readIn(0)],
    ])
  })

  describe('meets a freeze', () => {
    specify(staged, [
      ['refuses before anything was sent', reading(raise(0)), frozen(), ...settles(refused('frozen'))],
      ['goes back exposed before a later step', reading(raise(50)), frozen(ours(at(10))), reading(restoreExposed('frozen')), readIn(0)],
      ['goes back rather than repeat undecided checks', reading(raise(10), { ...sent, again }), frozen(ours(at(10))), reading(restoreExposed('frozen'), { lastWrite: 'sent' }), readIn(0)],
    ])
  })

  describe('meets somebody else', () => {
    specify(staged, [
      ['yields to a stranger', reading(raise(10), sent), live(stranger(), ours(at(0))), ...settles(yielded('foreign'))],
      ['yields to a rollback by hand', reading(raise(10), sent), live(anotherRollback(), ours(at(0))), ...settles(yielded('rollback'))],
      ['yields to another deploy', reading(raise(0)), live(anotherDeploy()), ...settles(yielded('foreign'))],
      ['yields to a stranger even while held', reading(raise(0)), held(stranger()), ...settles(yielded('foreign'))],
      ['puts back the stranger it wrote over', reading(raise(10), sent), live(ours(at(10)), stranger(), ours(at(0))), reading(putBack('foreign')), readIn(0)],
      ['puts back the rollback it wrote over', reading(raise(10), sent), live(ours(at(10)), anotherRollback()), reading(putBack('rollback')), readIn(0)],
      ['is stranded when nothing is live', reading(raise(0)), nothingLive, ...settles(stranded('nothing-live'))],
    ])
  })

  describe('cannot read', () => {
    specify(staged, [
      ['reads again after one second', reading(raise(0)), unreadable, reading(raise(0), { readsLeft: 3 }), readWithHoldIn(1)],
      ['reads again after two seconds', reading(raise(0), { readsLeft: 3 }), unreadable, reading(raise(0), { readsLeft: 2 }), readWithHoldIn(2)],
      ['reads a last time after eight seconds', reading(raise(0), { readsLeft: 1 }), unreadable, reading(raise(0), { readsLeft: 0 }), readWithHoldIn(8)],
      ['refuses when no read is left and nothing was sent', reading(raise(0), { readsLeft: 0 }), unreadable, ...settles(refused('cloudflare-unavailable'))],
      ['goes back unexposed from a stage that may have landed', reading(raise(0), { ...sent, readsLeft: 0 }), unreadable, reading(restoreUnexposed('cloudflare-unavailable'), { lastWrite: 'sent' }), readIn(0)],
      ['goes back unexposed before the first step', reading(raise(10), { readsLeft: 0 }), unreadable, reading(restoreUnexposed('cloudflare-unavailable')), readIn(0)],
      ['goes back exposed from a first step that may have landed', reading(raise(10), { ...sent, readsLeft: 0 }), unreadable, reading(restoreExposed('cloudflare-unavailable'), { lastWrite: 'sent' }), readIn(0)],
      ['goes back exposed before a later step', reading(raise(50), { readsLeft: 0 }), unreadable, reading(restoreExposed('cloudflare-unavailable')), readIn(0)],
    ])
  })
})

describe('writing on the way forward', () => {
  const sent = { lastWrite: 'sent', writesLeft: 4 } as const
  const again = rounds({ unknown: 1 })

  specify(staged, [
    ['reads back at once what was accepted', writing(raise(10)), accepted, reading(raise(10), { ...sent, lastWrite: 'accepted' }), readWithHoldIn(0)],
    ['reads back after a second what was not answered', writing(raise(10)), unanswered, reading(raise(10), sent), readWithHoldIn(1)],
    ['reads back after two seconds the second time', writing(raise(10), { writesLeft: 3 }), unanswered, reading(raise(10), { ...sent, writesLeft: 3 }), readWithHoldIn(2)],
    ['reads back after 16 s the last time', writing(raise(10), { writesLeft: 0 }), unanswered, reading(raise(10), { ...sent, writesLeft: 0 }), readWithHoldIn(16)],
    ['waits as long as Cloudflare asks', writing(raise(10)), throttled(30), reading(raise(10), sent), readWithHoldIn(30)],
    ['waits a minute at most', writing(raise(10)), throttled(3600), reading(raise(10), sent), readWithHoldIn(60)],
    ['waits no less than its own pause', writing(raise(10), { writesLeft: 0 }), throttled(5), reading(raise(10), { ...sent, writesLeft: 0 }), readWithHoldIn(16)],
    ['keeps the rounds of checks that were undecided', writing(raise(10), { again }), accepted, reading(raise(10), { ...sent, lastWrite: 'accepted', again }), readWithHoldIn(0)],
    ['refuses a stage that is rejected', writing(raise(0)), rejected, ...settles(refused('write-rejected'))],
    ['goes back unexposed when the stage is rejected after one that may have landed', writing(raise(0), sent), rejected, reading(restoreUnexposed('write-rejected'), { lastWrite: 'sent' }), readIn(0)],
    ['goes back unexposed when the first step is rejected', writing(raise(10)), rejected, reading(restoreUnexposed('write-rejected')), readIn(0)],
    ['goes back exposed when a later step is rejected', writing(raise(50)), rejected, reading(restoreExposed('write-rejected')), readIn(0)],
    ['refuses a stage that the ledger did not take', writing(raise(0)), notRecorded, ...settles(refused('ledger-unavailable'))],
    ['goes back unexposed when the ledger did not take the first step', writing(raise(10)), notRecorded, reading(restoreUnexposed('ledger-unavailable')), readIn(0)],
    ['goes back exposed when the ledger did not take a first step tried before', writing(raise(10), sent), notRecorded, reading(restoreExposed('ledger-unavailable'), { lastWrite: 'sent' }), readIn(0)],
    ['goes back exposed when the ledger did not take a later step', writing(raise(50)), notRecorded, reading(restoreExposed('ledger-unavailable')), readIn(0)],
  ])
})

describe('checking the candidate', () => {
  describe('that is healthy', () => {
    specify(staged, [
      ['raises it from the stage to the first step', checking(candidate(0)), checked('healthy'), reading(raise(10)), readListeningIn(0)],
      ['raises it to the next step', checking(candidate(10)), checked('healthy'), reading(raise(50)), readListeningIn(0)],
      ['raises it to the last step', checking(candidate(50)), checked('healthy'), reading(raise(100)), readListeningIn(0)],
      ['promotes it at 100 %', checking(candidate(100)), checked('healthy'), ...settles(promoted)],
      ['takes a healthy answer from the last round', checking(candidate(100), { unknown: 0, incident: 0 }), checked('healthy'), ...settles(promoted)],
    ])
    specify({ ...staged, applyTriggers: true }, [
      ['applies the triggers at 100 % if there are some', checking(candidate(100)), checked('healthy'), applyingTriggers, applyTriggers],
      ['applies no triggers before', checking(candidate(50)), checked('healthy'), reading(raise(100)), readListeningIn(0)],
    ])
  })

  describe('that regressed', () => {
    specify(staged, [
      ['goes back unexposed from the stage', checking(candidate(0)), checked('regressed'), reading(restoreUnexposed('check-failed')), readIn(0)],
      ['goes back exposed from a step', checking(candidate(10)), checked('regressed'), reading(restoreExposed('check-failed')), readIn(0)],
      ['goes back exposed from 100 %', checking(candidate(100)), checked('regressed'), reading(restoreExposed('check-failed')), readIn(0)],
    ])
  })

  describe('that nothing is known of', () => {
    specify(staged, [
      ['checks again in 5 s, if the split still stands', checking(candidate(10)), checked('unknown'), reading(raise(10), undecided({ unknown: 2 })), readWithHoldIn(5)],
      ['checks a last time', checking(candidate(0), { unknown: 1 }), checked('unknown'), reading(raise(0), undecided({ unknown: 0 })), readWithHoldIn(5)],
      ['goes back unexposed from the stage when no round is left', checking(candidate(0), { unknown: 0 }), checked('unknown'), reading(restoreUnexposed('check-unknown')), readIn(0)],
      ['goes back exposed from a step when no round is left', checking(candidate(10), { unknown: 0 }), checked('unknown'), reading(restoreExposed('check-unknown')), readIn(0)],
    ])
  })

  describe('that fails as the baseline does', () => {
    specify(staged, [
      ['holds on and checks again in 20 s, if the split still stands', checking(candidate(10)), checked('shared-incident'), reading(raise(10), undecided({ incident: 1 })), readWithHoldIn(20)],
      ['holds on a last time', checking(candidate(0), { incident: 1 }), checked('shared-incident'), reading(raise(0), undecided({ incident: 0 })), readWithHoldIn(20)],
      ['spends no round of the unknown', checking(candidate(10), { unknown: 0 }), checked('shared-incident'), reading(raise(10), undecided({ unknown: 0, incident: 1 })), readWithHoldIn(20)],
      ['goes back unexposed from the stage when no round is left', checking(candidate(0), { incident: 0 }), checked('shared-incident'), reading(restoreUnexposed('shared-incident')), readIn(0)],
      ['goes back exposed from a step when no round is left', checking(candidate(10), { incident: 0 }), checked('shared-incident'), reading(restoreExposed('shared-incident')), readIn(0)],
    ])
  })
})

describe('applying triggers', () => {
  specify({ ...staged, applyTriggers: true }, [
    ['promotes when they are applied', applyingTriggers, triggers(true), ...settles(promoted)],
    ['is stranded when they are not', applyingTriggers, triggers(false), ...settles(stranded('triggers-failed'))],
  ])
})
