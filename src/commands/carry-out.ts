import type { Policy } from '../core/policy.ts'
import type { Observation, Step } from '../core/rollout/state.ts'
import { interpret, type Interpreted } from '../shell/interpret.ts'
import { perform, type Means } from '../shell/perform.ts'
import { checkSubject } from './check-production.ts'
import { acknowledge } from './keep-ledger.ts'
import { readStop } from './read-stop.ts'
import { openRecord, type RolloutRecord } from './record.ts'
import type { Session } from './session.ts'
import type { Steering } from './take-commands.ts'
import type { Journal } from '../core/journal.ts'

/** What only a forward plan needs; whoever goes back needs none of it. */
export interface ForwardMeans {
  upload(): Promise<Observation>
  deployFully(): Promise<Observation>
  applyTriggers(): Promise<boolean>
}

const NO_WAY_FORWARD: ForwardMeans = {
  upload: () => Promise.reject(new Error('bug: nothing is uploaded on the way back')),
  deployFully: () => Promise.reject(new Error('bug: nothing is deployed on the way back')),
  applyTriggers: () => Promise.reject(new Error('bug: no triggers are applied on the way back')),
}

/** How a step that soaks is looked at; on the way back nothing soaks. */
export type Soak = Means['soak']

const NO_SOAK: Soak = () => Promise.reject(new Error('bug: nothing soaks on the way back'))

/** Name of the state under which `post` finds the journal. */
export const JOURNAL_STATE = 'journal'

export function keepRecord(session: Session, initial: Journal): RolloutRecord {
  return openRecord(initial, {
    clock: session.clock,
    saveState: (journal) => session.runner.saveState(JOURNAL_STATE, asState(journal)),
    acknowledge: (step, journal) => acknowledge(session, step, journal),
    log: (line) => session.runner.log(line),
    redact: session.redact,
  })
}

/** The runner hands a state over as one environment variable, which Linux takes up to 128 KiB (execve(2), MAX_ARG_STRLEN). */
const LONGEST_STATE = 100_000

/** Without its counts a rollout is finished just as well; only the report has less to show. */
function asState(journal: Journal): string {
  const whole = JSON.stringify(journal)
  if (Buffer.byteLength(whole) <= LONGEST_STATE) return whole
  const { analysis: _, ...rest } = journal
  return JSON.stringify(rest)
}

/** Carries a policy out from a step to its ending, or until the process is told to stop. */
export async function carryOut(session: Session, plan: { readonly policy: Policy; readonly first: Step; readonly record: RolloutRecord; readonly soak?: Soak; readonly steering?: Steering }, forward: ForwardMeans = NO_WAY_FORWARD): Promise<Interpreted> {
  const { policy, first, record } = plan
  const means: Means = {
    script: session.script,
    cloudflare: session.cloudflare,
    clock: session.clock,
    stop: session.stop,
    ...forward,
    async upload() {
      const seen = await forward.upload()
      if (seen.kind === 'uploaded') record.update({ candidate: seen.candidate })
      return seen
    },
    async deployFully() {
      const stop = await readStop(session)
      if (stop === 'unreadable') return { kind: 'not-recorded' }
      if (stop !== 'none') return { kind: 'stopped', stop }
      const seen = await forward.deployFully()
      if (seen.kind === 'deployed-fully') record.update({ candidate: seen.candidate })
      return seen
    },
    readStop: async () => (plan.steering?.isOverdue() === true ? 'deadline' : readStop(session)),
    readCommand: async () => plan.steering?.beforeRaise() ?? 'none',
    soak: plan.soak ?? NO_SOAK,
    check: (subject) => checkSubject({ plan: session.checkPlan, policy, subject, record }, session.checkPorts),
    tell: (event) => record.noteEvent(event),
  }
  const done = await interpret(policy, first, {
    journal: record,
    stop: session.stop,
    perform: (effect) => perform(policy, effect, means),
  })
  if (done.kind === 'settled') await record.save({ phase: { kind: 'settled', ending: done.ending }, effect: { kind: 'settle', ending: done.ending } })
  return done
}
