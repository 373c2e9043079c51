import { decodePayload, isSameEntry, OUR_LOGIN, type Payload, type RawEntry } from '../../core/ledger.ts'
import { truncate } from '../../core/report/escape.ts'
import type { Read } from '../answers.ts'
import { readPages, type Connection } from './connection.ts'
import { acknowledge, readDeployment, readDeployments, readStatuses, type Deployment } from './shapes.ts'

export interface NewEntry {
  readonly sha: string
  readonly task: string
  readonly environment: string
  readonly payload: Payload
  readonly description: string
  /** Deploys nothing: it must neither pass for production's own nor outlive its run on the Deployments page. */
  readonly isNote?: boolean
}

export interface EntryStatusWrite {
  readonly state: 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'
  readonly description: string
  readonly logUrl: string
  readonly environmentUrl?: string
}

export interface OpenedEntry {
  readonly id: number
  /** The deployment's page, if the server's address is known, else its place in the API. */
  readonly url: string
}

/** The ledger as GitHub keeps it. Descriptions are cut to GitHub's 140 characters. */
export interface Deployments {
  /** The newest entries of a task, newest first; each of our own with its statuses, newest first. */
  entries(query: EntryQuery): Promise<Read<readonly RawEntry[]>>
  /** After a lost reply the entry is looked for before it is opened again, so that there is one. */
  createEntry(entry: NewEntry): Promise<Read<OpenedEntry>>
  addStatus(entryId: number, status: EntryStatusWrite): Promise<Read<void>>
  /** Of one entry, newest first. */
  statusesOf(entryId: number): Promise<Read<RawEntry['statuses']>>
}

export interface EntryQuery {
  readonly task: string
  readonly environment: string
  readonly limit: number
  /** `false` where the payload says it all: each entry's statuses cost a request. */
  readonly withStatuses?: boolean
}

/** Docs "Create a deployment" and "Create a deployment status": a longer one is answered 422. */
export const LONGEST_DESCRIPTION = 140
const MOST_AT_ONCE = 10

export function openDeployments(connection: Connection, pageOf: (environment: string) => string | undefined): Deployments {
  const { rest, at, ask } = connection
  return {
    async entries(query) {
      const { task, environment, limit } = query
      const send = (page: object) => rest.repos.listDeployments({ ...at, task, environment, ...page })
      const listed = await readPages({ ask, send, read: readDeployments, limit })
      if (listed.kind !== 'ok') return listed
      if (query.withStatuses === false) return { kind: 'ok', value: listed.value.map((one) => ({ ...one, statuses: [] })) }
      return withStatuses(connection, listed.value)
    },
    createEntry: (entry) => createEntry(connection, entry, pageOf),
    addStatus: (entryId, { state, description, logUrl, environmentUrl }) =>
      ask(async (signal) => {
        const { data } = await rest.repos.createDeploymentStatus({
          ...at,
          deployment_id: entryId,
          state,
          description: truncate(description, LONGEST_DESCRIPTION),
          log_url: logUrl,
          ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
          // Else the success of one Worker would mark the entries of all others in the environment inactive.
          auto_inactive: false,
          request: { signal },
        })
        acknowledge(data)
      }),
    statusesOf: (entryId) => readStatusesOf(connection, entryId),
  }
}

async function createEntry({ rest, at, ask }: Connection, entry: NewEntry, pageOf: (environment: string) => string | undefined): Promise<Read<OpenedEntry>> {
  const { sha, task, environment, payload, description, isNote = false } = entry
  const opened = (made: Deployment) => ({ id: made.id, url: pageOf(environment) ?? made.url, sha: made.sha })
  const create = async (signal: AbortSignal) => {
    const { data } = await rest.repos.createDeployment({
      ...at,
      ref: sha,
      task,
      environment,
      payload,
      description: truncate(description, LONGEST_DESCRIPTION),
      // Their defaults would merge the default branch, and wait for checks that include our own run.
      auto_merge: false,
      required_contexts: [],
      production_environment: !isNote && /^prod(uction)?\b/i.test(environment),
      ...(isNote ? { transient_environment: true } : {}),
      request: { signal },
    })
    return opened(readDeployment(data))
  }
  const listSame = (page: object) => rest.repos.listDeployments({ ...at, sha, task, environment, ...page })
  const findOurs = async (): Promise<Read<ReturnType<typeof opened>>> => {
    const listed = await readPages({ ask, send: listSame, read: readDeployments, limit: 100 })
    if (listed.kind !== 'ok') return listed
    const ours = listed.value.find((one) => isOurs(one, payload))
    return ours === undefined ? { kind: 'absent' } : { kind: 'ok', value: opened(ours) }
  }
  const made = await ask(create, findOurs)
  if (made.kind !== 'ok') return made
  // A branch may be named like a commit; the entry would then be of another one.
  if (made.value.sha !== sha) return { kind: 'denied', code: 'other-commit', message: `GitHub resolved ${sha} to the commit ${made.value.sha}` }
  return { kind: 'ok', value: { id: made.value.id, url: made.value.url } }
}

function isOurs({ creator, payload }: Deployment, wanted: Payload): boolean {
  const seen = decodePayload(payload)
  return creator === OUR_LOGIN && seen !== undefined && isSameEntry(seen, wanted)
}

/** Others' entries do not count, so their statuses are not asked for. A few at a time, for GitHub limits what is concurrent. */
async function withStatuses(connection: Connection, deployments: readonly Deployment[]): Promise<Read<readonly RawEntry[]>> {
  const entries: RawEntry[] = []
  for (let from = 0; from < deployments.length; from += MOST_AT_ONCE) {
    const some = await Promise.all(deployments.slice(from, from + MOST_AT_ONCE).map((one) => withItsStatuses(connection, one)))
    for (const read of some) {
      if (read.kind === 'ok') entries.push(read.value)
      // Deleted between the two readings.
      else if (read.kind !== 'absent') return read
    }
  }
  return { kind: 'ok', value: entries }
}

function readStatusesOf({ rest, at, ask }: Connection, id: number): Promise<Read<RawEntry['statuses']>> {
  const send = (page: object) => rest.repos.listDeploymentStatuses({ ...at, deployment_id: id, ...page })
  return readPages({ ask, send, read: readStatuses })
}

async function withItsStatuses(connection: Connection, deployment: Deployment): Promise<Read<RawEntry>> {
  const { id, task, sha, environment, creator, payload } = deployment
  const entry = { id, task, sha, environment, creator, payload }
  if (creator !== OUR_LOGIN) return { kind: 'ok', value: { ...entry, statuses: [] } }
  const statuses = await readStatusesOf(connection, id)
  return statuses.kind === 'ok' ? { kind: 'ok', value: { ...entry, statuses: statuses.value } } : statuses
}
