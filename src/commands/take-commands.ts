import { chooseCommand, type Situation, type SteerCommand } from '../core/ledger.ts'
import type { Ramp } from '../core/policy.ts'
import { nextStep } from '../core/ramp.ts'
import { answerCommand, readCommands } from './read-commands.ts'
import type { RolloutRecord } from './record.ts'
import { inHurry, type Session } from './session.ts'

/** What may turn a rollout under way: people, and the clock. */
export interface Steering {
  /** What people have said since the last look at a step that soaks, if anything. */
  next(situation: Situation): Promise<SteerCommand | undefined>
  /** The same before more users get the candidate. A promotion is what happens then anyway. */
  beforeRaise(): Promise<'abort' | 'pause' | 'none' | 'unreadable'>
  /** Who paused it last. */
  pausedBy(): string
  /** Whether the time for getting to everybody is over. */
  isOverdue(): boolean
}

/** Listens to people from now on. Each word is taken once, and answered; one that cannot be read changes nothing. */
export function openSteering(session: Session, record: RolloutRecord, ramp: Ramp): Steering {
  const { clock, marker } = session
  const overdueAtMs = clock.now() + ramp.deadlineSeconds * 1000
  const done: number[] = []
  const hurried = inHurry(session)
  let pausedBy = 'somebody'

  async function hear(situation: Situation): Promise<SteerCommand | 'nothing' | 'unreadable'> {
    const read = await readCommands(hurried, marker, done)
    if (read.kind === 'unreadable') return 'unreadable'
    done.push(...read.settled)
    const { take, turnDown } = chooseCommand(read.commands, situation)
    for (const { command, why } of turnDown) {
      done.push(command.id)
      await answerCommand(hurried, command.id, { taken: false, text: why })
    }
    if (take === undefined) return 'nothing'
    done.push(take.id)
    if (take.command === 'pause') pausedBy = take.actor
    record.note(`${take.actor} says ${take.command} at ${situation.percent} %: ${take.reason}`)
    await answerCommand(hurried, take.id, { taken: true, text: `${take.command} at ${situation.percent} %` })
    return take
  }

  return {
    async next(situation) {
      const heard = await hear(situation)
      if (heard === 'unreadable') session.runner.log('Commands could not be read from GitHub; they are asked for again at the next look.')
      return typeof heard === 'string' ? undefined : heard
    },
    async beforeRaise() {
      const percent = record.current().splits.at(-1)?.candidatePercent ?? 0
      const heard = await hear({ percent, next: nextStep(ramp, percent), isGoingBack: false, isPaused: false, isApproved: true })
      if (heard === 'unreadable') return heard
      return heard !== 'nothing' && (heard.command === 'abort' || heard.command === 'pause') ? heard.command : 'none'
    },
    pausedBy: () => pausedBy,
    isOverdue: () => clock.now() >= overdueAtMs,
  }
}
