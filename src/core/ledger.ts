import { z } from 'zod'
import { checkResultSchema } from './checks/result.ts'
import type { Ending } from './ending.ts'
import { isVersionId, type VersionId } from './ids.ts'
import { policySchema } from './policy.ts'
import type { History } from './production.ts'
import { shaSchema, versionIdSchema } from './schemas.ts'

// The record of deploys, kept as GitHub Deployments. GitHub fixes a payload at creation, so what is known
// before the first change goes there, and what follows goes into status descriptions.

/** Whose ledger it is: everything that Sleepwell keeps is keyed by all three. */
export interface LedgerKey {
  readonly account: string
  readonly worker: string
  readonly environment: string
}

export type EntryKind = 'deploy' | 'rollback' | 'hold'

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
  z.object({ kind: z.literal('deploy'), ...commonShape, policy: policySchema, preflight: z.array(checkResultSchema) }),
  z.object({ kind: z.literal('rollback'), ...commonShape, policy: policySchema, from: z.array(versionIdSchema), reason: z.string() }),
  z.object({ kind: z.literal('hold'), ...commonShape, owner: z.string(), reason: z.string() }),
])
export type Payload = z.infer<typeof payloadSchema>

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
  readonly statuses: readonly EntryStatus[]
}

export interface Entry<Held extends Payload = Payload> {
  readonly id: number
  readonly payload: Held
  readonly statuses: readonly EntryStatus[]
}
export type PayloadOf<Kind extends EntryKind> = Extract<Payload, { kind: Kind }>

/** The account that GITHUB_TOKEN writes as; anybody else's entries are not ours. */
const OUR_LOGIN = 'github-actions[bot]'

/** Entries of this kind and key that our own app made, newest first; everything else is left out. */
export function readEntries<Kind extends EntryKind>(kind: Kind, key: LedgerKey, raw: readonly RawEntry[]): readonly Entry<PayloadOf<Kind>>[] {
  return raw.flatMap((one) => {
    const payload = decodePayload(one.payload)
    if (payload === undefined || !isOfKind(payload, kind) || one.creator !== OUR_LOGIN || one.task !== taskOf(kind, key.worker)) return []
    const isOurs = payload.account === key.account && payload.worker === key.worker && payload.environment === key.environment
    return isOurs && payload.sha === one.sha ? [{ id: one.id, payload, statuses: one.statuses }] : []
  })
}

function isOfKind<Kind extends EntryKind>(payload: Payload, kind: Kind): payload is PayloadOf<Kind> {
  return payload.kind === kind
}

function decodePayload(seen: unknown, depth = 0): Payload | undefined {
  if (typeof seen !== 'string') return payloadSchema.safeParse(seen).data
  if (depth > 2) return undefined
  try {
    const inner: unknown = JSON.parse(seen)
    return decodePayload(inner, depth + 1)
  } catch {
    return undefined
  }
}

/** The run that an entry claims, as GitHub tells it. */
export interface ClaimedRun {
  readonly path: string
  readonly headBranch: string | null
  readonly headRepositoryId: number | undefined
}

/** An entry counts only if its run is of the workflow that it names, on the default branch of this repository. */
export function isTrusted(entry: Entry, run: ClaimedRun | undefined, repository: { readonly id: number; readonly defaultBranch: string }): boolean {
  return (
    run !== undefined &&
    run.path.split('@')[0] === entry.payload.caller &&
    run.headBranch === repository.defaultBranch &&
    run.headRepositoryId === repository.id
  )
}

const CLOSED: ReadonlySet<string> = new Set(['success', 'failure', 'error', 'inactive'])

export function isOpen(entry: Entry): boolean {
  return !CLOSED.has(entry.statuses[0]?.state ?? 'pending')
}

/** GitHub's state for how an entry ended; `error` calls for a person. */
export function stateOf(ending: Ending): 'success' | 'failure' | 'error' | 'inactive' {
  switch (ending.kind) {
    case 'promoted':
      return 'success'
    case 'rolled-back':
      return ending.cause === 'by-hand' ? 'success' : 'failure'
    case 'refused':
    case 'yielded':
      return 'inactive'
    case 'stranded':
      return 'error'
  }
}

/** First words of the description of an entry's last status; at most 140 characters with what follows. */
export function formatEnd(ending: Ending, versionId: VersionId | undefined): string {
  return `${ending.kind}${versionId === undefined ? '' : ` ${versionId}`}`
}

/** The version that this entry ended with at 100 %, if it ended so. */
export function promotedVersion(entry: Entry): VersionId | undefined {
  return entry.statuses.flatMap((status) => {
    const found = /^promoted (\S+)/.exec(status.description)?.[1]
    return found !== undefined && isVersionId(found) ? [found] : []
  })[0]
}

/** The candidate of an entry that is still open, once its stage was announced. */
export function announcedCandidate(entry: Entry): VersionId | undefined {
  return entry.statuses.flatMap((status) => {
    const found = /^(?:stage|raise) (\S+)/.exec(status.description)?.[1]
    return found !== undefined && isVersionId(found) ? [found] : []
  })[0]
}

export interface KnownGoodFacts {
  /** Trusted ones only, newest first. */
  readonly deploys: readonly Entry<PayloadOf<'deploy'>>[]
  readonly rollbacks: readonly Entry<PayloadOf<'rollback'>>[]
  readonly history: History
  readonly deployable: readonly VersionId[]
  /** Versions whose own tag or message names a commit or a run of ours. */
  readonly tagged: ReadonlySet<VersionId>
}

/** Newest version that ended promoted, was never rolled back from, is not live and can still be deployed. */
export function knownGood(facts: KnownGoodFacts): VersionId | undefined {
  const rejected = new Set(facts.rollbacks.flatMap((entry) => entry.payload.from))
  const live = new Set(facts.history[0]?.split.map((share) => share.versionId))
  return facts.deploys
    .flatMap((entry) => promotedVersion(entry) ?? [])
    .find((id) => !rejected.has(id) && !live.has(id) && facts.deployable.includes(id) && hasServed(id, facts))
}

/** Cloudflare's own word for it: it served everybody once, or it carries our tag. */
export function hasServed(id: VersionId, facts: Pick<KnownGoodFacts, 'history' | 'tagged'>): boolean {
  return facts.tagged.has(id) || facts.history.some(({ split }) => split.some((share) => share.versionId === id && share.percentage === 100))
}

