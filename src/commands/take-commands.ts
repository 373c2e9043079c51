import { chooseCommand, type SteerCommand } from '../core/ledger.ts'
import { answerCommand, readCommands, type ReadCommands } from './read-commands.ts'
import type { RolloutRecord } from './record.ts'
import type { Session } from './session.ts'

export interface Steering {
  /** What people have said since the last look, if anything; the candidate is at `percent`. */
  next(percent: number): Promise<SteerCommand | undefined>
}

/** People are heard at the next look, whatever GitHub does; the look itself must not wait for it. */
const LONGEST_SECONDS = 10

async function inTime({ clock, stop }: Session, reading: Promise<ReadCommands>): Promise<ReadCommands> {
  const read = new AbortController()
  const tooLate = clock.sleep(LONGEST_SECONDS, AbortSignal.any([stop, read.signal])).then(() => ({ kind: 'unreadable' }) as const)
  const first = await Promise.race([reading, tooLate])
  read.abort()
  return first
}

/** Listens to people while a step soaks. Each word is taken once, and answered; one that cannot be read changes nothing. */
export function openSteering(session: Session, record: RolloutRecord): Steering {
  const done: number[] = []
  return {
    async next(percent) {
      const read = await inTime(session, readCommands(session, session.marker, done))
      if (read.kind === 'unreadable') {
        session.runner.log('Commands could not be read from GitHub; they are asked for again at the next look.')
        return undefined
      }
      done.push(...read.settled)
      const { take, turnDown } = chooseCommand(read.commands, percent)
      for (const { command, why } of turnDown) {
        done.push(command.id)
        await answerCommand(session, command.id, { taken: false, text: why })
      }
      if (take === undefined) return undefined
      done.push(take.id)
      record.note(`${take.actor} says ${take.command} at ${percent} %: ${take.reason}`)
      await answerCommand(session, take.id, { taken: true, text: `${take.command} at ${percent} %` })
      return take
    },
  }
}
