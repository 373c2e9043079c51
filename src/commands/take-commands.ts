import { chooseCommand, type SteerCommand } from '../core/ledger.ts'
import { answerCommand, readCommands } from './read-commands.ts'
import type { RolloutRecord } from './record.ts'
import { inHurry, type Session } from './session.ts'

export interface Steering {
  /** What people have said since the last look, if anything; the candidate is at `percent`. */
  next(percent: number): Promise<SteerCommand | undefined>
}

/** Listens to people while a step soaks. Each word is taken once, and answered; one that cannot be read changes nothing. */
export function openSteering(session: Session, record: RolloutRecord): Steering {
  const done: number[] = []
  const hurried = inHurry(session)
  return {
    async next(percent) {
      const read = await readCommands(hurried, session.marker, done)
      if (read.kind === 'unreadable') {
        session.runner.log('Commands could not be read from GitHub; they are asked for again at the next look.')
        return undefined
      }
      done.push(...read.settled)
      const { take, turnDown } = chooseCommand(read.commands, percent)
      for (const { command, why } of turnDown) {
        done.push(command.id)
        await answerCommand(hurried, command.id, { taken: false, text: why })
      }
      if (take === undefined) return undefined
      done.push(take.id)
      record.note(`${take.actor} says ${take.command} at ${percent} %: ${take.reason}`)
      await answerCommand(hurried, take.id, { taken: true, text: `${take.command} at ${percent} %` })
      return take
    },
  }
}
