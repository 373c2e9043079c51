import type { VersionId } from '../core/ids.ts'
import type { Journal, Round } from '../core/journal.ts'
import type { Split } from '../core/production.ts'
import type { Redact } from '../core/redact.ts'
import { isForward, type Step } from '../core/rollout/state.ts'
import type { Clock } from '../shell/clock.ts'
import type { RolloutEvent } from '../shell/perform.ts'

/** A rollout as it is being written down: the journal, with its timeline, splits and checks. */
export interface RolloutRecord {
  current(): Journal
  /** Saves the phase before its effect; a forward effect also waits for the ledger's acknowledgement. */
  save(step: Step): Promise<'recorded' | 'not-recorded'>
  note(text: string): void
  noteEvent(event: RolloutEvent): void
  noteRound(round: Round): void
  update(change: Partial<Pick<Journal, 'candidate' | 'ledgerId' | 'messages' | 'analysis'>>): void
}

export interface RecordPorts {
  readonly clock: Clock
  /** Where `post` finds it: the runner's state file. */
  saveState(journal: Journal): void
  /** The ledger's acknowledgement that this forward effect is under way. */
  acknowledge(step: Step, journal: Journal): Promise<boolean>
  log(line: string): void
  /** The journal is saved as it is, so what enters it from outside is redacted here. */
  readonly redact: Redact
}

export function openRecord(initial: Journal, ports: RecordPorts): RolloutRecord {
  let journal = initial
  let lastRead = ''
  const at = () => new Date(ports.clock.now()).toISOString()
  const note = (said: string): void => {
    const text = ports.redact(said)
    journal = { ...journal, timeline: [...journal.timeline, { at: at(), text }] }
    ports.log(text)
  }
  return {
    current: () => journal,
    async save(step) {
      journal = { ...journal, phase: step.phase }
      ports.saveState(journal)
      if (!isForward(step.effect)) return 'recorded'
      return (await ports.acknowledge(step, journal)) ? 'recorded' : 'not-recorded'
    },
    note,
    noteEvent(event) {
      if (event.kind === 'read') {
        if (inWords(event.split, journal) === lastRead) return
        lastRead = inWords(event.split, journal)
        const candidatePercent = event.split.find((share) => share.versionId === journal.candidate)?.percentage ?? 0
        journal = { ...journal, splits: [...journal.splits, { at: at(), candidatePercent }] }
      }
      note(sentenceFor(event, journal))
    },
    noteRound(round) {
      journal = { ...journal, rounds: [...journal.rounds, round] }
    },
    update(change) {
      journal = { ...journal, ...change }
    },
  }
}

function sentenceFor(event: RolloutEvent, journal: Journal): string {
  switch (event.kind) {
    case 'waiting':
      return `Waiting ${event.seconds} s before trying again (${event.before}).`
    case 'writing':
      return `Asking Cloudflare for ${inWords(event.split, journal)}.`
    case 'written':
      return `Cloudflare accepted ${inWords(event.split, journal)}.`
    case 'write-failed':
      return `Cloudflare did not accept ${inWords(event.split, journal)}: ${event.message}`
    case 'read':
      return `Read back: ${inWords(event.split, journal)}.`
    case 'unreadable':
      return `Production could not be read: ${event.message}`
  }
}

function inWords(split: Split, journal: Journal): string {
  return split.map((share) => `${roleOf(share.versionId, journal)} at ${share.percentage} %`).join(', ')
}

/** What a version is in this rollout, with enough of its id to find it. */
function roleOf(id: VersionId, { candidate, policy }: Journal): string {
  const baseline = policy.plan === 'rollback' ? policy.target : policy.baseline
  const role = id === candidate ? 'the candidate' : policy.plan === 'rollback' ? 'the target' : 'the baseline'
  return id === candidate || id === baseline ? `${role} (${id.slice(0, 8)})` : id
}
