import { unprocessable, validationFailed } from './errors.ts'
import type { Actor } from './tokens.ts'
import { nextId, type Hub } from './hub.ts'
import type { CommitStatus } from './state.ts'

export interface NewStatus {
  readonly state: CommitStatus['state']
  readonly context?: string | undefined
  readonly description?: string | null | undefined
  readonly target_url?: string | null | undefined
}

/** Docs "Create a commit status": "there is a limit of 1000 statuses per sha and context". */
const statusesPerContext = 1000
export const descriptionLimit = 140

/** GitHub gives these errors as one string (r-lib/gh, tests/testthat/_snaps/gh.md). */
const failed = (sentence: string) => validationFailed(`Validation failed: ${sentence}`)

export function createStatus(hub: Hub, sha: string, asked: NewStatus, by: Actor): CommitStatus {
  const commit = hub.repository.commits.get(sha)
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${sha}`)
  const { state, context = 'default', description = null, target_url: targetUrl = null } = asked
  if (Array.from(description ?? '').length > descriptionLimit) {
    throw failed(`Description is too long (maximum is ${descriptionLimit} characters)`)
  }
  if (targetUrl !== null && targetUrl !== '' && !/^https?:\/\//.test(targetUrl)) {
    throw failed('Target URL must use http(s) scheme')
  }
  if (context === '') throw failed("Context can't be blank")
  const before = statusesOf(hub, sha).filter((status) => sameContext(status, context))
  if (before.length >= statusesPerContext) throw failed('This SHA and context has reached the maximum number of statuses.')
  const status = { id: nextId(hub), sha, state, context, description, targetUrl, creator: by, createdAt: hub.world.now() }
  hub.repository.statuses.push(status)
  return status
}

/** Newest first (docs "List commit statuses for a reference"). */
export function statusesOf(hub: Hub, sha: string): readonly CommitStatus[] {
  return hub.repository.statuses.filter((status) => status.sha === sha).toReversed()
}

/** The newest of each context, which is case-insensitive. */
export function latestStatuses(hub: Hub, sha: string): readonly CommitStatus[] {
  const all = statusesOf(hub, sha)
  return all.filter((status, index) => all.findIndex((other) => sameContext(other, status.context)) === index)
}

/** Docs "Get the combined status": failure over pending over success; and pending when there is none at all. */
export function combinedState(latest: readonly CommitStatus[]): 'failure' | 'pending' | 'success' {
  if (latest.some(({ state }) => state === 'failure' || state === 'error')) return 'failure'
  return latest.length > 0 && latest.every(({ state }) => state === 'success') ? 'success' : 'pending'
}

const sameContext = (status: CommitStatus, context: string) => status.context.toLowerCase() === context.toLowerCase()
