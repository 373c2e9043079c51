import { z } from 'zod'
import { checkResultSchema } from '../checks/result.ts'
import { policySchema } from '../policy.ts'
import { pastCheckSchema } from './past-checks.ts'
import { shaSchema, versionIdSchema } from '../schemas.ts'
import { steeringSchema } from '../steering.ts'

/** Whose ledger it is: everything that Sleepwell keeps is keyed by all three. */
export interface LedgerKey {
  readonly account: string
  readonly worker: string
  readonly environment: string
}

export type EntryKind = 'deploy' | 'rollback' | 'hold' | 'result' | 'command'

/** GitHub's `task`, which its list can filter by: one Worker's entries are found without reading others'. */
export function taskOf(kind: EntryKind, worker: string): string {
  return kind === 'deploy' ? `sleepwell/${worker}` : `sleepwell-${kind}/${worker}`
}

const commonShape = {
  schemaVersion: z.literal(1),
  account: z.string(),
  worker: z.string(),
  environment: z.string(),
  sha: shaSchema,
  runId: z.number().int(),
  runAttempt: z.number().int(),
  /** Workflow file that the run was started from. */
  caller: z.string(),
}

export const payloadSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('deploy'),
    ...commonShape,
    policy: policySchema,
    preflight: z.array(checkResultSchema),
    /** Who deployed although a freeze was open, and why. */
    freezeOverride: z.object({ freeze: z.string(), actor: z.string(), reason: z.string() }).optional(),
  }),
  z.object({ kind: z.literal('rollback'), ...commonShape, policy: policySchema, from: z.array(versionIdSchema), reason: z.string() }),
  /** `until`: ISO 8601, UTC; without it the hold stands until it is lifted. */
  z.object({ kind: z.literal('hold'), ...commonShape, owner: z.string(), reason: z.string(), until: z.string().optional() }),
  /** How a deploy or rollback ended and what its checks saw: too much for a status, and never open. */
  z.object({ kind: z.literal('result'), ...commonShape, ending: z.string(), endedAt: z.string(), checks: z.array(pastCheckSchema) }),
  /** A person's word to a rollout under way; open until it is answered. */
  z.object({
    kind: z.literal('command'),
    ...commonShape,
    command: steeringSchema,
    aimedAt: z.object({ runId: z.number().int(), runAttempt: z.number().int() }),
    atPercent: z.number().optional(),
    actor: z.string(),
    reason: z.string(),
  }),
])
export type Payload = z.infer<typeof payloadSchema>
export type PayloadOf<Kind extends EntryKind> = Extract<Payload, { kind: Kind }>

export interface EntryStatus {
  readonly state: string
  readonly description: string
}

/** One Deployment of GitHub's as read; `payload` may be an object, a string, or a string within a string. */
export interface RawEntry {
  readonly id: number
  readonly task: string
  readonly sha: string
  readonly environment: string
  readonly creator: string | undefined
  readonly payload: unknown
  /** Newest first. */
  readonly statuses: readonly (EntryStatus & { readonly creator: string | undefined })[]
}

export interface Entry<Held extends Payload = Payload> {
  readonly id: number
  readonly payload: Held
  /** Our own, newest first. */
  readonly statuses: readonly EntryStatus[]
}

/** The account that GITHUB_TOKEN writes as; anybody else's entries and statuses are not ours. */
export const OUR_LOGIN = 'github-actions[bot]'

/** Entries of this kind and key that our own app made, newest first; everything else is left out. */
export function readEntries<Kind extends EntryKind>(kind: Kind, key: LedgerKey, raw: readonly RawEntry[]): readonly Entry<PayloadOf<Kind>>[] {
  return raw.flatMap((one) => {
    const payload = decodePayload(one.payload)
    if (payload === undefined || !isOfKind(payload, kind) || one.creator !== OUR_LOGIN || one.task !== taskOf(kind, key.worker)) return []
    const isOurs = payload.account === key.account && payload.worker === key.worker && payload.environment === key.environment
    if (!isOurs || payload.sha !== one.sha) return []
    const statuses = one.statuses.filter(({ creator }) => creator === OUR_LOGIN).map(({ state, description }) => ({ state, description }))
    return [{ id: one.id, payload, statuses }]
  })
}

function isOfKind<Kind extends EntryKind>(payload: Payload, kind: Kind): payload is PayloadOf<Kind> {
  return payload.kind === kind
}

/** GitHub gives a payload back as it was sent, or as text, once or twice encoded. */
export function decodePayload(seen: unknown, depth = 0): Payload | undefined {
  if (typeof seen !== 'string') return payloadSchema.safeParse(seen).data
  if (depth > 2) return undefined
  try {
    const inner: unknown = JSON.parse(seen)
    return decodePayload(inner, depth + 1)
  } catch {
    return undefined
  }
}

/** Whether two payloads are of one entry: an attempt of a run opens one of each kind for each Worker and environment. */
export function isSameEntry(one: Payload, other: Payload): boolean {
  return (
    one.kind === other.kind &&
    one.account === other.account &&
    one.worker === other.worker &&
    one.environment === other.environment &&
    one.sha === other.sha &&
    one.runId === other.runId &&
    one.runAttempt === other.runAttempt &&
    (one.kind !== 'command' || other.kind !== 'command' || one.command === other.command)
  )
}

/** The run that an entry claims, as GitHub tells it. */
export interface ClaimedRun {
  readonly path: string
  readonly headBranch: string | null
  readonly headRepositoryId: number | undefined
}

/**
 * An entry that leads to a change of production counts only if its run is of the workflow that it names, on the
 * default branch of this repository. (Holds and rejected versions only stop, so they are believed without.)
 */
export function isTrusted(entry: Entry, run: ClaimedRun | undefined, repository: { readonly id: number; readonly defaultBranch: string }): boolean {
  return (
    run !== undefined &&
    run.path.split('@')[0] === entry.payload.caller &&
    run.headBranch === repository.defaultBranch &&
    run.headRepositoryId === repository.id
  )
}

const CLOSED: ReadonlySet<string> = new Set(['success', 'failure', 'error'])

/**
 * Open until we have closed it. GitHub itself marks deployments `inactive`, without a word, when any other one of
 * a non-production environment succeeds (docs "Create a deployment status", `auto_inactive`): that closes nothing.
 */
export function isOpen(entry: Entry): boolean {
  return !entry.statuses.some(({ state, description }) => CLOSED.has(state) || (state === 'inactive' && description !== ''))
}

export function openEntries<Held extends Payload>(entries: readonly Entry<Held>[]): readonly Entry<Held>[] {
  return entries.filter(isOpen)
}
