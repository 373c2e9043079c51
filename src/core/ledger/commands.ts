import type { WorkflowRun } from '../gate.ts'
import type { Marker } from '../marker.ts'
import type { PolicyStep } from '../policy.ts'
import type { Steering } from '../steering.ts'
import { isTrusted, OUR_LOGIN, type Entry, type EntryStatus, type PayloadOf, type RawEntry } from './entries.ts'
import { readEnd, readProgress } from './progress.ts'

type CommandEntry = Entry<PayloadOf<'command'>>

/** A person's word to a rollout under way, as the rollout reads it. */
export interface SteerCommand {
  /** Of its entry in the ledger. */
  readonly id: number
  readonly command: Steering
  readonly actor: string
  readonly reason: string
  /** The candidate's share that the rollout had announced last when the command was given. */
  readonly atPercent?: number
}

/** Those for this rollout, in the order in which they were given; GitHub lists the newest first, and its ids rise. */
export function commandsAimedAt(marker: Marker, entries: readonly CommandEntry[]): readonly CommandEntry[] {
  const { runId, runAttempt } = marker
  return entries
    .filter(({ payload: { aimedAt } }) => marker.command === 'deploy' && aimedAt.runId === runId && aimedAt.runAttempt === runAttempt)
    .toSorted((one, other) => one.id - other.id)
}

type Repository = Parameters<typeof isTrusted>[2]

/** An entry's run is the attempt that it names, is trusted, and has not ended: whoever wrote the entry is still there. */
export function isOfLivingRun(entry: Entry, run: WorkflowRun | undefined, repository: Repository): run is WorkflowRun {
  return isTrusted(entry, run, repository) && run !== undefined && run.status !== 'completed' && run.attempt === entry.payload.runAttempt
}

/**
 * Whether a command is a person's: its run was started by hand and waits for the answer. A run that was cancelled, or
 * gave up, takes its command back by ending, and nobody can be made to have said what an old run's entry says.
 */
export function isByAPerson(entry: CommandEntry, run: WorkflowRun | undefined, repository: Repository): run is WorkflowRun {
  return isOfLivingRun(entry, run, repository) && run.event === 'workflow_dispatch' && run.id !== entry.payload.aimedAt.runId
}

/** Who said it is GitHub's word, not the entry's: whoever may write deployments could put a name into one. */
export function steerCommandOf({ id, payload: { command, actor, reason, atPercent } }: CommandEntry, run: WorkflowRun): SteerCommand {
  return { id, command, actor: run.startedBy ?? actor, reason, ...(atPercent === undefined ? {} : { atPercent }) }
}

/** How a rollout stands when it listens. */
export interface Situation {
  /** The candidate's share. */
  readonly percent: number
  /** What comes next; absent at 100 %. */
  readonly next: PolicyStep | undefined
  /** Harm is proven, or the deadline has passed: nothing that anybody says changes that. */
  readonly isGoingBack: boolean
  readonly isPaused: boolean
  readonly isApproved: boolean
}

/** What to do with the commands of one look: at most one is taken, and the rest waits for the next look. */
export interface Chosen {
  readonly take: SteerCommand | undefined
  readonly turnDown: readonly { readonly command: SteerCommand; readonly why: string }[]
}

/**
 * The oldest that fits goes first, but an abort outranks everything. What is taken is done, so what would do nothing
 * is turned down. A word that was said twice counts once.
 */
export function chooseCommand(commands: readonly SteerCommand[], situation: Situation): Chosen {
  const abort = commands.find(({ command }) => command === 'abort')
  if (abort !== undefined) return { take: abort, turnDown: others(commands, abort, 'somebody has said abort, which outranks it') }
  const turnDown: Chosen['turnDown'][number][] = []
  for (const command of commands) {
    const why = misfit(command, situation)
    if (why !== undefined) {
      turnDown.push({ command, why })
      continue
    }
    const same = commands.filter((other) => other.command === command.command)
    return { take: command, turnDown: [...turnDown, ...others(same, command, 'the same was said just before')] }
  }
  return { take: undefined, turnDown }
}

/** Why a command would do nothing. */
function misfit({ command, atPercent }: SteerCommand, { percent, next, isGoingBack, isPaused, isApproved }: Situation): string | undefined {
  if (command === 'abort') return undefined
  if (isGoingBack) return 'the baseline comes back, whatever is said'
  if (next === undefined) return 'everybody has the candidate, and nothing comes next; only an abort means something now'
  switch (command) {
    case 'pause':
      return isPaused ? 'it is paused already' : undefined
    case 'resume':
      return isPaused ? undefined : 'it is not paused'
    case 'approve':
    case 'promote':
      // Two people's would raise it by two steps.
      if (atPercent !== undefined && atPercent !== percent) return `it was said at ${atPercent} %, and the rollout is at ${percent} %`
      if (command === 'promote') return undefined
      if (!next.approval) return `the next step (${next.percent} %) wants no approval`
      return isApproved ? 'it is approved already' : undefined
  }
}

function others(commands: readonly SteerCommand[], taken: SteerCommand, why: string): Chosen['turnDown'] {
  return commands.filter((one) => one !== taken).map((command) => ({ command, why }))
}

/** The share that a rollout announced last; `undefined` before its stage. */
export function announcedPercent(entry: Entry): number | undefined {
  return entry.statuses.flatMap(({ description }) => readProgress(description)?.percent ?? [])[0]
}

export type Answer = { readonly kind: 'taken-up' | 'turned-down' | 'withdrawn'; readonly text: string }

/**
 * How a command was answered is one `inactive` status: the note must never look like something that serves users,
 * which a `success` in the environment would. Its first words say which answer it is.
 */
export function formatAnswer({ kind, text }: Answer): string {
  return `${kind}: ${text}`
}

/** The rollout's answer, wherever it stands; whoever gave the command may have given up at the same moment. */
export function readAnswer(statuses: readonly EntryStatus[]): Answer | undefined {
  const answers = statuses.flatMap(({ state, description }): Answer[] => {
    const [, kind, text = ''] = /^(taken-up|turned-down|withdrawn): (.*)$/s.exec(description) ?? []
    if (state !== 'inactive' || (kind !== 'taken-up' && kind !== 'turned-down' && kind !== 'withdrawn')) return []
    return [{ kind, text }]
  })
  return answers.find(({ kind }) => kind !== 'withdrawn') ?? answers[0]
}

/** Of an entry that is ours; what anybody else wrote below it is not. */
export function ownStatuses(statuses: RawEntry['statuses']): readonly EntryStatus[] {
  return statuses.filter(({ creator }) => creator === OUR_LOGIN).map(({ state, description }) => ({ state, description }))
}

/** How a rollout ended, in its own words for codes. */
export function describeEnd(entry: Entry): string {
  const end = readEnd(entry)
  return end === undefined ? 'closed' : `${end.ending}${end.reason === '' ? '' : ` (${end.reason})`}`
}

/** How a person's command finished. */
export type Steered =
  | { readonly kind: 'taken-up'; readonly text: string }
  /** It is a dry run's. */
  | { readonly kind: 'dry-run'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: SteerRefusal; readonly details: readonly string[] }

export type SteerRefusal = 'nothing-to-steer' | 'untrusted-run' | 'turned-down' | 'came-too-late' | 'not-taken-up' | 'withdrawn' | 'github-unavailable' | 'permission-missing'

/** The one table from how a command finished to the exit code of whoever gave it. */
export function exitCodeOfSteered({ kind }: Steered): 0 | 1 {
  switch (kind) {
    case 'taken-up':
    case 'dry-run':
      return 0
    case 'refused':
      return 1
  }
}
