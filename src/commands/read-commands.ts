import { commandsAimedAt, formatAnswer, isByAPerson, isOpen, ownStatuses, readEntries, steerCommandOf, taskOf, type SteerCommand } from '../core/ledger.ts'
import type { Marker } from '../core/marker.ts'
import type { LedgerSession } from './session.ts'

/** One page; a rollout is seldom told more than a few things. */
const MOST_COMMANDS = 30

export type ReadCommands =
  | {
      readonly kind: 'ok'
      /** Oldest first. */
      readonly commands: readonly SteerCommand[]
      /** Entries that never count (withdrawn, or not a person's): as `alreadyTaken`, they cost no request again. */
      readonly settled: readonly number[]
    }
  | { readonly kind: 'unreadable' }

/** What people have said to this rollout and nobody has answered yet. One request while there is nothing new. */
export async function readCommands(session: LedgerSession, aimedAt: Marker, alreadyTaken: readonly number[]): Promise<ReadCommands> {
  const { github, key, config } = session
  const raw = await github.entries({ task: taskOf('command', key.worker), environment: key.environment, limit: MOST_COMMANDS, withStatuses: false })
  if (raw.kind !== 'ok') return { kind: 'unreadable' }
  const entries = commandsAimedAt(aimedAt, readEntries('command', key, raw.value)).filter(({ id }) => !alreadyTaken.includes(id))
  const repository = { id: config.github.repositoryId, defaultBranch: config.github.defaultBranch }
  const commands: SteerCommand[] = []
  const settled: number[] = []
  for (const entry of entries) {
    const [statuses, run] = await Promise.all([github.statusesOf(entry.id), github.run(entry.payload.runId)])
    // A run that does not exist is a claim; one that could not be read is looked at again, and none is taken before it.
    if (statuses.kind !== 'ok' || (run.kind !== 'ok' && run.kind !== 'absent')) return { kind: 'unreadable' }
    const seen = { ...entry, statuses: ownStatuses(statuses.value) }
    const claimed = run.kind === 'ok' ? run.value : undefined
    if (isOpen(seen) && isByAPerson(seen, claimed, repository)) commands.push(steerCommandOf(seen, claimed))
    else settled.push(entry.id)
  }
  return { kind: 'ok', commands, settled }
}

/** Tells whoever gave the command what came of it. A rollout never waits for this: a failure is only logged. */
export async function answerCommand({ github, runUrl, runner, redact }: LedgerSession, id: number, { taken, text }: { readonly taken: boolean; readonly text: string }): Promise<void> {
  const description = redact(formatAnswer({ kind: taken ? 'taken-up' : 'turned-down', text }))
  const told = await github.addStatus(id, { state: 'inactive', description, logUrl: runUrl })
  if (told.kind !== 'ok') runner.warn(`The answer to command ${id} could not be delivered: ${told.kind === 'absent' ? 'GitHub does not know it' : told.message}`)
}
