import { describe } from 'vitest'
import { specify } from './table.ts'
import {
  accepted, anotherDeploy, anotherRollback, at, atBaseline, atStrange, baselineExposed, baselineUnexposed, checked, checking,
  held, live, nothingLive, notRecorded, ours, paused, putBack, reading, readIn, refused, rejected, restoreExposed, restoreUnexposed, rolledBack,
  rounds, runChecks, settles, staged, stranded, stranger, throttled, unanswered, unreadable, writeBack, writing, yielded, undecided,
} from './vocabulary.ts'

// What it does, the phase, what is seen -> the next phase, the effect.

const failed = restoreExposed('check-failed')
const sent = { lastWrite: 'sent' } as const
const again = rounds({ unknown: 1 })

describe('reading production on the way back to the baseline', () => {
  describe('finds what is there', () => {
    specify(staged, [
      ['refuses with the cause when nothing has changed', reading(failed), live(), ...settles(refused('check-failed'))],
      ['reads again when something may land yet', reading(failed, sent), live(), reading(failed, { ...sent, readsLeft: 3 }), readIn(1)],
      ['refuses when nothing has landed in time', reading(failed, { ...sent, readsLeft: 1 }), live(), ...settles(refused('check-failed'))],
      ['refuses when nothing has landed and no read is left', reading(failed, { ...sent, readsLeft: 0 }), live(), ...settles(refused('check-failed'))],
      ['writes the baseline over the stage', reading(restoreUnexposed('held')), live(ours(at(0))), writing(restoreUnexposed('held')), writeBack(atBaseline)],
      ['writes the baseline over the candidate', reading(failed), live(ours(at(100))), writing(failed), writeBack(atBaseline)],
      ['writes the baseline again', reading(failed, { ...sent, writesLeft: 1 }), live(ours(at(10))), writing(failed, { ...sent, writesLeft: 0 }), writeBack(atBaseline)],
      ['checks the baseline that is back', reading(failed, sent), live(ours(atBaseline)), checking(baselineExposed('check-failed')), runChecks(baselineExposed('check-failed'))],
      ['remembers that nobody was exposed', reading(restoreUnexposed('held'), sent), live(ours(atBaseline)), checking(baselineUnexposed('held')), runChecks(baselineUnexposed('held'))],
      ['repeats undecided checks with the rounds that are left', reading(failed, { ...sent, again }), live(ours(atBaseline)), checking(baselineExposed('check-failed'), again), runChecks(baselineExposed('check-failed'))],
    ])
  })

  describe('does not find an accepted write yet', () => {
    const late = { lastWrite: 'accepted' } as const
    specify(staged, [
      ['reads again after a second', reading(failed, late), live(ours(at(10))), reading(failed, { ...late, readsLeft: 3 }), readIn(1)],
      ['writes it again after three more readings', reading(failed, { ...late, readsLeft: 1 }), live(ours(at(10))), writing(failed, late), writeBack(atBaseline)],
      ['writes it again when no reading is left', reading(failed, { ...late, readsLeft: 0 }), live(ours(at(10))), writing(failed, late), writeBack(atBaseline)],
      ['reads what was put back again', reading(putBack('foreign'), late), live(ours(at(10)), stranger()), reading(putBack('foreign'), { ...late, readsLeft: 3 }), readIn(1)],
    ])
    specify({ ...staged, tries: { ...staged.tries, read: 1 } }, [
      ['writes it again when there never was more than one reading', reading(failed, { ...late, readsLeft: 0 }), live(ours(at(10))), writing(failed, { ...late, readsLeft: 1 }), writeBack(atBaseline)],
    ])
  })

  describe('cares for no hold', () => {
    specify(staged, [
      ['writes all the same', reading(failed), held(ours(at(10))), writing(failed), writeBack(atBaseline)],
      ['cares for no pause', reading(failed), paused(ours(at(10))), writing(failed), writeBack(atBaseline)],
      ['repeats undecided checks all the same', reading(failed, { ...sent, again }), held(ours(atBaseline)), checking(baselineExposed('check-failed'), again), runChecks(baselineExposed('check-failed'))],
    ])
  })

  describe('meets somebody else', () => {
    specify(staged, [
      ['yields to a stranger', reading(failed), live(stranger(), ours(at(10))), ...settles(yielded('foreign'))],
      ['yields to a rollback by hand', reading(failed), live(anotherRollback(), ours(at(10))), ...settles(yielded('rollback'))],
      ['yields to another deploy', reading(failed), live(anotherDeploy(), ours(at(10))), ...settles(yielded('foreign'))],
      ['puts back the stranger it wrote over', reading(failed, sent), live(ours(atBaseline), stranger(), ours(at(10))), reading(putBack('foreign')), readIn(0)],
      ['puts back the rollback it wrote over', reading(failed, sent), live(ours(atBaseline), anotherRollback(), ours(at(10))), reading(putBack('rollback')), readIn(0)],
      ['is stranded when nothing is live', reading(failed), nothingLive, ...settles(stranded('nothing-live'))],
    ])
  })

  describe('runs out of tries', () => {
    specify(staged, [
      ['reads again after one second', reading(failed), unreadable, reading(failed, { readsLeft: 3 }), readIn(1)],
      ['reads a last time after eight seconds', reading(failed, { readsLeft: 1 }), unreadable, reading(failed, { readsLeft: 0 }), readIn(8)],
      ['is stranded when no read is left', reading(failed, { readsLeft: 0 }), unreadable, ...settles(stranded('cloudflare-unavailable'))],
      ['is stranded when no write is left', reading(failed, { ...sent, writesLeft: 0 }), live(ours(at(10))), ...settles(stranded('cloudflare-unavailable'))],
      ['says so when the last write was rejected', reading(failed, { lastWrite: 'rejected', writesLeft: 0 }), live(ours(at(10))), ...settles(stranded('write-rejected'))],
    ])
  })
})

describe('reading production to put back what was written over', () => {
  specify(staged, [
    ['writes what they had', reading(putBack('foreign')), live(ours(at(10)), stranger()), writing(putBack('foreign')), writeBack(atStrange)],
    ['writes it again', reading(putBack('foreign'), { ...sent, writesLeft: 1 }), live(ours(at(10)), stranger()), writing(putBack('foreign'), { ...sent, writesLeft: 0 }), writeBack(atStrange)],
    ['yields to a stranger when it is back', reading(putBack('foreign'), sent), live(ours(atStrange), stranger()), ...settles(yielded('foreign'))],
    ['yields to a rollback when it is back', reading(putBack('rollback'), sent), live(ours(atStrange), anotherRollback()), ...settles(yielded('rollback'))],
    ['yields when they have deployed again', reading(putBack('foreign')), live(stranger(at(0)), ours(at(10))), ...settles(yielded('foreign'))],
    ['reads again after one second', reading(putBack('foreign')), unreadable, reading(putBack('foreign'), { readsLeft: 3 }), readIn(1)],
    ['is stranded when no read is left', reading(putBack('foreign'), { readsLeft: 0 }), unreadable, ...settles(stranded('cloudflare-unavailable'))],
    ['is stranded when no write is left', reading(putBack('foreign'), { ...sent, writesLeft: 0 }), live(ours(at(10)), stranger()), ...settles(stranded('cloudflare-unavailable'))],
    ['says so when the last write was rejected', reading(putBack('foreign'), { lastWrite: 'rejected', writesLeft: 0 }), live(ours(at(10)), stranger()), ...settles(stranded('write-rejected'))],
    ['is stranded when nothing is live', reading(putBack('foreign')), nothingLive, ...settles(stranded('nothing-live'))],
  ])
})

describe.each([
  ['the baseline', failed],
  ['what was written over', putBack('rollback')],
])('writing %s', (_, goal) => {
  const left = { writesLeft: 4 }
  specify(staged, [
    ['reads back at once what was accepted', writing(goal), accepted, reading(goal, { lastWrite: 'accepted', ...left }), readIn(0)],
    ['reads back after a second what was not answered', writing(goal), unanswered, reading(goal, { ...sent, ...left }), readIn(1)],
    ['waits as long as Cloudflare asks', writing(goal), throttled(30), reading(goal, { ...sent, ...left }), readIn(30)],
    ['tries a rejected write again: there is no other way', writing(goal), rejected, reading(goal, { lastWrite: 'rejected', ...left }), readIn(1)],
    ['tries it again after 16 s the last time', writing(goal, { writesLeft: 0 }), rejected, reading(goal, { lastWrite: 'rejected', writesLeft: 0 }), readIn(16)],
    ['is stranded if it is told of a missing entry, though a way back needs none', writing(goal), notRecorded, ...settles(stranded('cloudflare-unavailable'))],
  ])
})

describe('checking the baseline', () => {
  const exposed = baselineExposed('check-failed')
  describe('that is healthy', () => {
    specify(staged, [
      ['has rolled back', checking(exposed), checked('healthy'), ...settles(rolledBack('check-failed'))],
      ['has rolled back, though nobody was exposed', checking(baselineUnexposed('check-failed')), checked('healthy'), ...settles(rolledBack('check-failed'))],
      ['has rolled back from a hold that came when users were exposed', checking(baselineExposed('held')), checked('healthy'), ...settles(rolledBack('held'))],
      ['refuses when a hold came before anybody was exposed', checking(baselineUnexposed('held')), checked('healthy'), ...settles(refused('held'))],
      ['has rolled back from a freeze that began when users were exposed', checking(baselineExposed('frozen')), checked('healthy'), ...settles(rolledBack('frozen'))],
      ['refuses when a freeze began before anybody was exposed', checking(baselineUnexposed('frozen')), checked('healthy'), ...settles(refused('frozen'))],
    ])
  })

  describe('that regressed', () => {
    specify(staged, [
      ['is stranded', checking(exposed), checked('regressed'), ...settles(stranded('baseline-unhealthy'))],
      ['is stranded by the incident that it fled from', checking(baselineExposed('shared-incident')), checked('regressed'), ...settles(stranded('shared-incident'))],
    ])
  })

  describe('that nothing is known of', () => {
    specify(staged, [
      ['checks again in 5 s, if the split still stands', checking(exposed), checked('unknown'), reading(failed, undecided({ unknown: 2 })), readIn(5)],
      ['checks a last time', checking(baselineUnexposed('held'), { unknown: 1 }), checked('unknown'), reading(restoreUnexposed('held'), undecided({ unknown: 0 })), readIn(5)],
      ['is stranded when no round is left', checking(exposed, { unknown: 0 }), checked('unknown'), ...settles(stranded('baseline-unknown'))],
      ['is stranded by the incident that it fled from', checking(baselineExposed('shared-incident'), { unknown: 0 }), checked('unknown'), ...settles(stranded('shared-incident'))],
    ])
  })

  describe('that fails as it did with the candidate', () => {
    specify(staged, [
      ['holds on and checks again in 20 s, if the split still stands', checking(exposed), checked('shared-incident'), reading(failed, undecided({ incident: 1 })), readIn(20)],
      ['holds on a last time', checking(exposed, { incident: 1 }), checked('shared-incident'), reading(failed, undecided({ incident: 0 })), readIn(20)],
      ['is stranded when no round is left', checking(exposed, { incident: 0 }), checked('shared-incident'), ...settles(stranded('shared-incident'))],
    ])
  })
})
