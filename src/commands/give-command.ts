import {
  announcedPercent,
  describeEnd,
  formatAnswer,
  isByAPerson,
  isOfLivingRun,
  isOpen,
  ownStatuses,
  readAnswer,
  taskOf,
  type Answer,
  type Entry,
  type PayloadOf,
  type Steered,
} from '../core/ledger.ts'
import type { SteerConfig } from '../inputs/config.ts'
import type { Read } from '../shell/answers.ts'
import { payloadBase, readLedger } from './keep-ledger.ts'
import type { LedgerSession } from './session.ts'

export interface SteerSession extends LedgerSession {
  readonly config: SteerConfig
}

type Rollout = Entry<PayloadOf<'deploy'>>
type Refused = Extract<Steered, { kind: 'refused' }>

const LOOK_SECONDS = 10
/** A round of checks may take minutes, and a rollout looks for commands between two. */
const LONGEST_WAIT_SECONDS = 600

/** Says a person's word to the rollout under way, and waits for what it answers. */
export async function giveCommand(session: SteerSession): Promise<Steered> {
  const { config, key, github, runner } = session
  const rollout = await findRollout(session)
  if (rollout.kind === 'refused') return rollout
  const payload = payloadFor(session, rollout.entry)
  const untrusted = await refuseUntrusted(session, payload)
  if (untrusted !== undefined) return untrusted
  const { runId, sha } = rollout.entry.payload
  const announcement = `${config.actor} says ${config.steering} to the rollout of ${sha.slice(0, 7)} on ${key.worker} in ${key.environment} (run ${runId}). Reason: ${config.reason}`
  if (config.dryRun) return { kind: 'dry-run', text: announcement }
  const description = session.redact(`${config.actor} says ${config.steering}; nothing is deployed by this`)
  const given = await github.createEntry({ sha, task: taskOf('command', key.worker), environment: key.environment, payload, description, isNote: true })
  if (given.kind !== 'ok') return refusedBy(given)
  runner.log(announcement)
  return awaitAnswer(session, given.value.id, rollout.entry)
}

type Found = { readonly kind: 'found'; readonly entry: Rollout } | Refused

/** The open rollout whose run lives; one whose run has died is finished by recover, and listens to nobody. */
async function findRollout(session: SteerSession): Promise<Found> {
  const read = await readLedger(session, 'deploy')
  if (read.kind !== 'ok') return refusedBy(read)
  const dead: string[] = []
  for (const entry of read.value.filter(isOpen)) {
    const run = await session.github.run(entry.payload.runId)
    if (run.kind === 'unavailable' || run.kind === 'denied') return refusedBy(run)
    const isSteerable = isOfLivingRun(entry, run.kind === 'ok' ? run.value : undefined, repositoryOf(session))
    if (isSteerable && entry.payload.policy.plan === 'staged') return { kind: 'found', entry }
    dead.push(isSteerable ? `run ${entry.payload.runId} is a full deploy, which has no steps` : `record ${entry.id} is open, but its run ${entry.payload.runId} does not live`)
  }
  return { kind: 'refused', reason: 'nothing-to-steer', details: dead }
}

function payloadFor(session: SteerSession, { payload, statuses, id }: Rollout): PayloadOf<'command'> {
  const { config, redact } = session
  const atPercent = announcedPercent({ id, payload, statuses })
  return {
    kind: 'command',
    ...payloadBase(session, payload.sha),
    command: config.steering,
    aimedAt: { runId: payload.runId, runAttempt: payload.runAttempt },
    ...(atPercent === undefined ? {} : { atPercent }),
    actor: config.actor,
    reason: redact(config.reason),
  }
}

/** The rollout would not believe it, so that nobody has to wait to learn why. */
async function refuseUntrusted(session: SteerSession, payload: PayloadOf<'command'>): Promise<Refused | undefined> {
  const run = await session.github.run(payload.runId)
  if (run.kind === 'unavailable' || run.kind === 'denied') return refusedBy(run)
  const isBelieved = isByAPerson({ id: 0, payload, statuses: [] }, run.kind === 'ok' ? run.value : undefined, repositoryOf(session))
  return isBelieved ? undefined : { kind: 'refused', reason: 'untrusted-run', details: [`run ${payload.runId} of ${payload.caller} on the event ${session.config.github.eventName}`] }
}

function repositoryOf({ config: { github } }: LedgerSession) {
  return { id: github.repositoryId, defaultBranch: github.defaultBranch }
}

function refusedBy(read: Exclude<Read<unknown>, { kind: 'ok' }>): Refused {
  switch (read.kind) {
    case 'absent':
      return { kind: 'refused', reason: 'permission-missing', details: ['GitHub does not know this repository or commit'] }
    case 'denied':
      return { kind: 'refused', reason: 'permission-missing', details: [read.message] }
    case 'unavailable':
      return { kind: 'refused', reason: 'github-unavailable', details: [read.message] }
  }
}

async function awaitAnswer(session: SteerSession, id: number, rollout: Rollout): Promise<Steered> {
  const { clock, stop, runner } = session
  const startedAtMs = clock.now()
  for (;;) {
    const answer = await readAnswerTo(session, id)
    if (answer !== undefined) return steeredBy(answer)
    const waitedSeconds = Math.round((clock.now() - startedAtMs) / 1000)
    const now = await readRollout(session, rollout)
    if (!isOpen(now)) return withdraw(session, id, { kind: 'refused', reason: 'came-too-late', details: [`the rollout ended ${describeEnd(now)}`] })
    if (stop.aborted) return withdraw(session, id, { kind: 'refused', reason: 'withdrawn', details: [] })
    if (waitedSeconds >= LONGEST_WAIT_SECONDS) return withdraw(session, id, { kind: 'refused', reason: 'not-taken-up', details: [`no answer within ${waitedSeconds} s`] })
    const share = announcedPercent(now)
    runner.log(`Waiting for the answer (${waitedSeconds} s of at most ${LONGEST_WAIT_SECONDS} s)${share === undefined ? '' : `; the candidate is at ${share} %`}.`)
    await clock.sleep(LOOK_SECONDS, stop)
  }
}

/** Takes the command back, unless the rollout has answered at the same moment. */
async function withdraw(session: SteerSession, id: number, refused: Refused): Promise<Steered> {
  const { github, runUrl, runner } = session
  const description = formatAnswer({ kind: 'withdrawn', text: [refused.reason, ...refused.details].join(', ') })
  const told = await github.addStatus(id, { state: 'inactive', description, logUrl: runUrl })
  if (told.kind !== 'ok') runner.warn('The command could not be taken back in words; no rollout believes it once this run has ended.')
  const answer = await readAnswerTo(session, id)
  return answer === undefined || answer.kind === 'withdrawn' ? refused : steeredBy(answer)
}

function steeredBy({ kind, text }: Answer): Steered {
  switch (kind) {
    case 'taken-up':
      return { kind, text }
    case 'turned-down':
    case 'withdrawn':
      return { kind: 'refused', reason: kind, details: [text] }
  }
}

/** `undefined` also while GitHub does not answer: the next look may tell. */
async function readAnswerTo({ github }: SteerSession, id: number): Promise<Answer | undefined> {
  const statuses = await github.statusesOf(id)
  return statuses.kind === 'ok' ? readAnswer(ownStatuses(statuses.value)) : undefined
}

async function readRollout({ github }: SteerSession, rollout: Rollout): Promise<Rollout> {
  const statuses = await github.statusesOf(rollout.id)
  return statuses.kind === 'ok' ? { ...rollout, statuses: ownStatuses(statuses.value) } : rollout
}
