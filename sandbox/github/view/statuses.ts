import type { Hub } from '../hub.ts'
import type { Commit, CommitStatus, IssueComment } from '../state.ts'
import { combinedState } from '../statuses.ts'
import { appView, nodeId, stamp, userView, type Schemas } from './identity.ts'
import { minimalRepositoryView, repositoryPage, repositoryUrl } from './repository.ts'

export function statusView(hub: Hub, status: CommitStatus): Schemas['status'] {
  return { ...simpleStatusView(hub, status), creator: userView(hub, status.creator.login) }
}

function simpleStatusView(hub: Hub, status: CommitStatus): Schemas['simple-commit-status'] {
  return {
    url: `${repositoryUrl(hub)}/statuses/${status.sha}`,
    avatar_url: userView(hub, status.creator.login).avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: stamp(status.createdAt),
    updated_at: stamp(status.createdAt),
  }
}

/** `shown`: the page of the newest status of each context. */
export function combinedView(
  hub: Hub,
  commit: Commit,
  statuses: { readonly latest: readonly CommitStatus[]; readonly shown: readonly CommitStatus[] },
): Schemas['combined-commit-status'] {
  const url = `${repositoryUrl(hub)}/commits/${commit.sha}`
  return {
    state: combinedState(statuses.latest),
    statuses: statuses.shown.map((status) => simpleStatusView(hub, status)),
    sha: commit.sha,
    total_count: statuses.latest.length,
    repository: minimalRepositoryView(hub),
    commit_url: url,
    url: `${url}/status`,
  }
}

export function commentView(hub: Hub, comment: IssueComment): Schemas['issue-comment'] {
  const kind = hub.repository.pullRequests.has(comment.issue) ? 'pull' : 'issues'
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${repositoryUrl(hub)}/issues/comments/${comment.id}`,
    html_url: `${repositoryPage(hub)}/${kind}/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(hub)}/issues/${comment.issue}`,
    body: comment.body,
    user: userView(hub, comment.creator.login),
    created_at: stamp(comment.createdAt),
    updated_at: stamp(comment.updatedAt),
    author_association: comment.creator.app === null ? 'MEMBER' : 'NONE',
    performed_via_github_app: comment.creator.app === null ? null : appView(hub, comment.creator.app),
  }
}
