import { readJournal, type Journal } from '../core/journal.ts'
import { resume } from '../core/rollout.ts'
import { carryOut, JOURNAL_STATE, keepRecord } from './carry-out.ts'
import { deliver } from './deliver.ts'
import { readJobStatus } from '../inputs.ts'
import { FINISHED_STATE, inputsIn, openSurroundings } from './run.ts'
import { isOnProduction, openSession, type Session } from './session.ts'

/** Post: finishes what main left unfinished on this runner, if anything; resolves to the exit code. */
export async function finish(env: NodeJS.ProcessEnv, stop: AbortSignal): Promise<0 | 1> {
  const opened = openSurroundings(env, stop)
  const { around } = opened
  const journal = readJournal(around.runner.readState(JOURNAL_STATE))
  if (journal === undefined || around.runner.readState(FINISHED_STATE) === 'true') return 0
  if (opened.kind === 'bad' || !isOnProduction(opened.config)) return 0
  const { config } = opened
  const session = await openSession(config, around)
  if (session.kind === 'problems') {
    around.runner.warn(`The rollout cannot be finished here: ${session.problems.join(' ')} The recover job will.`)
    return 1
  }
  return goOn(session.session, journal, readJobStatus(inputsIn(env)) === 'cancelled' ? 'cancelled' : 'run-died')
}

/** From where the journal ends to the report. */
export async function goOn(session: Session, journal: Journal, cause: 'cancelled' | 'run-died'): Promise<0 | 1> {
  const startedAtMs = session.clock.now()
  const first = resume(journal.policy, journal.phase, cause)
  const record = keepRecord(session, journal)
  record.note(`The post step goes on from "${journal.phase.kind}" (${cause}).`)
  const done = await carryOut(session, { policy: journal.policy, first, record })
  if (done.kind === 'stopped') {
    session.runner.warn('No time is left; the record stays open, and the recover job goes on.')
    return 1
  }
  await deliver(session, { ending: done.ending, details: [], warnings: [], journal: record.current() }, { command: session.config.command, startedAtMs })
  return 0
}
