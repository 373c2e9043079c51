import { describe } from 'vitest'
import { specify } from './table.ts'
import {
  accepted, anotherDeploy, anotherRollback, at, atTarget, byHand, checked, checking, held, live, nothingLive, notRecorded, oursByHand,
  reading, readIn, rejected, rollBack, rolledBack, rounds, runChecks, settles, stranded, stranger, target, throttled,
  unanswered, unreadable, watching, writeBack, writing, yielded, undecided,
} from './vocabulary.ts'

// What it does, the phase, what is seen -> the next phase, the effect.

const sent = { lastWrite: 'sent' } as const
const accepting = { lastWrite: 'accepted' } as const
const later = { readingsLeft: 1, reassertsLeft: 3 }
const again = rounds({ unknown: 1 })

describe('a rollback that reads production', () => {
  describe('finds what is there', () => {
    specify(byHand, [
      ['writes the target over the anchor', reading(rollBack()), live(), writing(rollBack()), writeBack(atTarget)],
      ['writes the target over its own split', reading(rollBack(later), sent), live(oursByHand(at(0))), writing(rollBack(later), sent), writeBack(atTarget)],
      ['reads again what was accepted and is not there yet', reading(rollBack(), accepting), live(), reading(rollBack(), { ...accepting, readsLeft: 3 }), readIn(1)],
      ['writes at once over a deploy that came after what was accepted', reading(rollBack(), accepting), live(anotherDeploy(), oursByHand(atTarget)), writing(rollBack(), accepting), writeBack(atTarget)],
      ['writes again with the last write', reading(rollBack(), { ...sent, writesLeft: 1 }), live(), writing(rollBack(), { ...sent, writesLeft: 0 }), writeBack(atTarget)],
      ['checks the target that is there', reading(rollBack(), sent), live(oursByHand(atTarget)), checking(target()), runChecks(target())],
      ['keeps what is left of its watch', reading(rollBack(later), sent), live(oursByHand(atTarget)), checking(target(later)), runChecks(target(later))],
      ['repeats undecided checks with the rounds that are left', reading(rollBack(), { ...sent, again }), live(oursByHand(atTarget)), checking(target(), again), runChecks(target())],
      ['is stranded when nothing is live', reading(rollBack()), nothingLive, ...settles(stranded('nothing-live'))],
    ])
    specify({ ...byHand, force: false }, [
      ['does not force a write unless it was asked to', reading(rollBack()), live(), writing(rollBack()), writeBack(atTarget, false)],
    ])
  })

  describe('cares for no hold: it is its own', () => {
    specify(byHand, [
      ['writes all the same', reading(rollBack()), held(), writing(rollBack()), writeBack(atTarget)],
      ['repeats undecided checks all the same', reading(rollBack(), { ...sent, again }), held(oursByHand(atTarget)), checking(target(), again), runChecks(target())],
    ])
  })

  describe('meets somebody else', () => {
    specify(byHand, [
      ['writes over a deploy', reading(rollBack()), live(anotherDeploy()), writing(rollBack()), writeBack(atTarget)],
      ['writes over a deploy that wrote after it', reading(rollBack(), sent), live(anotherDeploy(), oursByHand(atTarget)), writing(rollBack(), sent), writeBack(atTarget)],
      ['is content with a deploy that put the target back', reading(rollBack()), live(anotherDeploy(atTarget)), checking(target()), runChecks(target())],
      ['yields to a stranger', reading(rollBack()), live(stranger()), ...settles(yielded('foreign'))],
      ['yields to a stranger even at the target', reading(rollBack()), live(stranger(atTarget)), ...settles(yielded('foreign'))],
      ['yields to another rollback', reading(rollBack()), live(anotherRollback()), ...settles(yielded('rollback'))],
      ['has written over a stranger for good', reading(rollBack(), sent), live(oursByHand(atTarget), stranger()), checking(target()), runChecks(target())],
    ])
  })

  describe('runs out of tries', () => {
    specify(byHand, [
      ['reads again after one second', reading(rollBack()), unreadable, reading(rollBack(), { readsLeft: 3 }), readIn(1)],
      ['reads a last time after eight seconds', reading(rollBack(), { readsLeft: 1 }), unreadable, reading(rollBack(), { readsLeft: 0 }), readIn(8)],
      ['is stranded when no read is left', reading(rollBack(), { readsLeft: 0 }), unreadable, ...settles(stranded('cloudflare-unavailable'))],
      ['is stranded when no write is left', reading(rollBack(), { ...sent, writesLeft: 0 }), live(), ...settles(stranded('cloudflare-unavailable'))],
      ['says so when the last write was rejected', reading(rollBack(), { lastWrite: 'rejected', writesLeft: 0 }), live(), ...settles(stranded('write-rejected'))],
    ])
  })
})

describe('a rollback that writes its target', () => {
  const left = { writesLeft: 4 }
  specify(byHand, [
    ['reads back at once what was accepted', writing(rollBack(later)), accepted, reading(rollBack(later), { lastWrite: 'accepted', ...left }), readIn(0)],
    ['reads back after a second what was not answered', writing(rollBack()), unanswered, reading(rollBack(), { ...sent, ...left }), readIn(1)],
    ['waits as long as Cloudflare asks', writing(rollBack()), throttled(30), reading(rollBack(), { ...sent, ...left }), readIn(30)],
    ['tries a rejected write again', writing(rollBack()), rejected, reading(rollBack(), { lastWrite: 'rejected', ...left }), readIn(1)],
    ['is stranded if it is told of a missing entry, though a way back needs none', writing(rollBack()), notRecorded, ...settles(stranded('cloudflare-unavailable'))],
  ])
})

describe('a rollback that checks its target', () => {
  specify(byHand, [
    ['watches it when it is healthy', checking(target()), checked('healthy'), watching(), readIn(7)],
    ['watches for what is left', checking(target(later)), checked('healthy'), watching(later), readIn(7)],
    ['has rolled back when no reading is left', checking(target({ readingsLeft: 0 })), checked('healthy'), ...settles(rolledBack('by-hand'))],
    ['is stranded when it regressed', checking(target()), checked('regressed'), ...settles(stranded('target-unhealthy'))],
    ['checks again in 5 s when nothing is known', checking(target(later)), checked('unknown'), reading(rollBack(later), undecided({ unknown: 2 })), readIn(5)],
    ['is stranded when nothing is known and no round is left', checking(target(), { unknown: 0 }), checked('unknown'), ...settles(stranded('target-unknown'))],
    ['holds on for 20 s when another version fails alike', checking(target()), checked('shared-incident'), reading(rollBack(), undecided({ incident: 1 })), readIn(20)],
    ['is stranded when others fail alike and no round is left', checking(target(), { incident: 0 }), checked('shared-incident'), ...settles(stranded('target-unknown'))],
  ])
})

describe('a rollback that watches', () => {
  const last = { readingsLeft: 0 }
  const reasserted = { reassertsLeft: 5 }

  describe('sees what it wrote', () => {
    specify(byHand, [
      ['watches on', watching(), live(oursByHand(atTarget)), watching({ readingsLeft: 1 }), readIn(7)],
      ['has rolled back after the last reading', watching(last), live(oursByHand(atTarget)), ...settles(rolledBack('by-hand'))],
      ['watches on over a stranger that it wrote over', watching(), live(oursByHand(atTarget), stranger()), watching({ readingsLeft: 1 }), readIn(7)],
      ['watches on when its own write was not needed', watching(), live(), watching({ readingsLeft: 1 }), readIn(7)],
      ['is stranded when nothing is live', watching(), nothingLive, ...settles(stranded('nothing-live'))],
    ])
  })

  describe('sees somebody else', () => {
    specify(byHand, [
      ['goes back over a deploy', watching({ readingsLeft: 1 }), live(anotherDeploy(), oursByHand(atTarget)), reading(rollBack({ readingsLeft: 1, ...reasserted })), readIn(0)],
      ['goes back a last time', watching({ reassertsLeft: 1 }), live(anotherDeploy()), reading(rollBack({ reassertsLeft: 0 })), readIn(0)],
      ['is stranded when a deploy came once too often', watching({ reassertsLeft: 0 }), live(anotherDeploy()), ...settles(stranded('outpaced'))],
      ['is content with a deploy that put the target back', watching({ reassertsLeft: 0 }), live(anotherDeploy(atTarget)), watching({ readingsLeft: 1, reassertsLeft: 0 }), readIn(7)],
      ['has rolled back, if by the hand of a deploy', watching(last), live(anotherDeploy(atTarget)), ...settles(rolledBack('by-hand'))],
      ['yields to a stranger', watching(), live(stranger()), ...settles(yielded('foreign'))],
      ['yields to another rollback', watching(), live(anotherRollback()), ...settles(yielded('rollback'))],
    ])
  })

  describe('cannot read', () => {
    specify(byHand, [
      ['reads again when it is time', watching(), unreadable, watching({ readsLeft: 3 }), readIn(7)],
      ['reads a last time', watching({ readsLeft: 1 }), unreadable, watching({ readsLeft: 0 }), readIn(7)],
      ['is stranded when no read is left', watching({ readsLeft: 0 }), unreadable, ...settles(stranded('cloudflare-unavailable'))],
    ])
  })
})
