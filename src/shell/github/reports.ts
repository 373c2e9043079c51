import { OUR_LOGIN } from '../../core/ledger.ts'
import { truncate } from '../../core/report/escape.ts'
import type { Read } from '../answers.ts'
import { readPages, type Connection } from './connection.ts'
import { LONGEST_DESCRIPTION } from './deployments.ts'
import { acknowledge, readComments, readPulls, readTitle } from './shapes.ts'

export interface CommitStatusWrite {
  readonly context: string
  readonly state: 'pending' | 'success' | 'failure'
  readonly description: string
  readonly targetUrl: string
}

export interface Comment {
  readonly id: number
  readonly body: string
}

/** What people see on commits and pull requests. */
export interface Reports {
  setCommitStatus(sha: string, status: CommitStatusWrite): Promise<Read<void>>
  /** First line of the commit's message. */
  commitTitle(sha: string): Promise<Read<string>>
  /** The merged pull request that brought this commit; `absent` when there is none or more than one. */
  pullRequestOf(sha: string): Promise<Read<number>>
  /** Our own oldest comment that begins with the marker; `copies` are later ones, of runs that met no comment yet. */
  findComment(pullRequest: number, marker: string): Promise<Read<Comment & { readonly copies: readonly Comment[] }>>
  removeComment(id: number): Promise<Read<void>>
  /** Updates the comment with that id, or makes one whose first line is its marker; cut to 65,536 characters. */
  writeComment(pullRequest: number, comment: { readonly id?: number; readonly body: string }): Promise<Read<void>>
}

/** GitHub answers 422 to a longer comment. */
const LONGEST_COMMENT = 65_536

export function openReports(connection: Connection): Reports {
  const { rest, at, ask } = connection
  const findComment: Reports['findComment'] = async (pullRequest, marker) => {
    const send = (page: object) => rest.issues.listComments({ ...at, issue_number: pullRequest, ...page })
    const found = await readPages({ ask, send, read: readComments })
    if (found.kind !== 'ok') return found
    // Anybody can write the marker; only our own comment is ours.
    const ours = found.value.flatMap(({ id, user, body }) => (user === OUR_LOGIN && body?.startsWith(marker) === true ? [{ id, body }] : []))
    const [oldest, ...copies] = ours.toSorted((one, other) => one.id - other.id)
    return oldest === undefined ? { kind: 'absent' } : { kind: 'ok', value: { ...oldest, copies } }
  }
  return {
    setCommitStatus: (sha, { context, state, description, targetUrl }) =>
      ask(async (signal) => {
        const status = { context, state, description: truncate(description, LONGEST_DESCRIPTION), target_url: targetUrl }
        acknowledge((await rest.repos.createCommitStatus({ ...at, sha, ...status, request: { signal } })).data)
      }),
    commitTitle: (sha) => ask(async (signal) => readTitle((await rest.repos.getCommit({ ...at, ref: sha, per_page: 1, request: { signal } })).data)),
    async pullRequestOf(sha) {
      const send = (page: object) => rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: sha, ...page })
      const pulls = await readPages({ ask, send, read: readPulls })
      if (pulls.kind !== 'ok') return pulls
      const merged = pulls.value.filter((pull) => pull.merged_at !== null)
      const brought = merged.filter((pull) => pull.merge_commit_sha === sha)
      const [only, ...others] = brought.length > 0 ? brought : merged
      return only === undefined || others.length > 0 ? { kind: 'absent' } : { kind: 'ok', value: only.number }
    },
    findComment,
    removeComment: (id) => ask(async (signal) => void (await rest.issues.deleteComment({ ...at, comment_id: id, request: { signal } }))),
    writeComment: (pullRequest, { id, body: whole }) => {
      const body = truncate(whole, LONGEST_COMMENT)
      if (id !== undefined) return ask(async (signal) => acknowledge((await rest.issues.updateComment({ ...at, comment_id: id, body, request: { signal } })).data))
      const create = async (signal: AbortSignal) => acknowledge((await rest.issues.createComment({ ...at, issue_number: pullRequest, body, request: { signal } })).data)
      return ask(create, async () => {
        const found = await findComment(pullRequest, body.split('\n')[0] ?? body)
        return found.kind === 'ok' ? { kind: 'ok', value: undefined } : found
      })
    },
  }
}
