import { getOctokit } from '@actions/github'
import type { Clock } from './clock.ts'
import { openAsk, type AskLimits } from './github/ask.ts'
import { openDeployments, type Deployments } from './github/deployments.ts'
import { openReports, type Reports } from './github/reports.ts'
import { openRuns, type Runs } from './github/runs.ts'

export type { AskLimits } from './github/ask.ts'
export type { EntryQuery, EntryStatusWrite, NewEntry, OpenedEntry } from './github/deployments.ts'
export type { CommitStatusWrite } from './github/reports.ts'

/**
 * GitHub's REST API for one repository. Reads and reports are repeated here, within `limits`. Nothing throws, and
 * no message holds the token. `absent` is GitHub's 404, which it also answers for what the token may not know of.
 */
export interface GitHub extends Runs, Deployments, Reports {}

export interface GitHubOptions {
  readonly token: string
  /** GITHUB_API_URL. */
  readonly apiUrl: string
  /** GITHUB_SERVER_URL: where the pages for people are. */
  readonly serverUrl?: string
  readonly owner: string
  readonly repo: string
  readonly clock: Clock
  readonly limits?: AskLimits
  /** Once it aborts, nothing is repeated any more. */
  readonly stop?: AbortSignal
}

/** Connects nothing yet: the first call does. Octokit takes about 70 ms to load, so load this file when it is needed. */
export function connectGitHub(options: GitHubOptions): GitHub {
  const { token, owner, repo, clock, stop, serverUrl, limits = { tries: 4, timeoutMs: 20_000 } } = options
  // Octokit refuses to be without a token; the malformed ones are refused in `ask`, before they are sent.
  const { rest } = getOctokit(token === '' ? 'none' : token, { baseUrl: options.apiUrl })
  const connection = { rest, at: { owner, repo }, ask: openAsk({ token, limits, clock, stop }) }
  const pageOf = (environment: string) =>
    serverUrl === undefined ? undefined : `${serverUrl}/${owner}/${repo}/deployments/${encodeURIComponent(environment)}`
  return { ...openRuns(connection), ...openDeployments(connection, pageOf), ...openReports(connection) }
}
