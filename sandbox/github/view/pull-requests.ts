import type { Hub } from '../hub.ts'
import type { PullRequest } from '../state.ts'
import { nodeId, numberFor, stamp, userView, type Schemas } from './identity.ts'
import { repositoryPage, repositoryUrl, repositoryView } from './repository.ts'

export function pullRequestView(hub: Hub, pull: PullRequest): Schemas['pull-request-simple'] {
  const mergedAt = pull.mergedAt === null ? null : stamp(pull.mergedAt)
  return {
    ...addresses(hub, pull),
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    number: pull.number,
    state: mergedAt === null ? 'open' : 'closed',
    locked: false,
    title: pull.title,
    user: userView(hub, pull.author),
    body: pull.body,
    labels: [],
    milestone: null,
    created_at: stamp(pull.createdAt),
    updated_at: mergedAt ?? stamp(pull.createdAt),
    closed_at: mergedAt,
    merged_at: mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: sideView(hub, pull.headRepository, pull.headRef, pull.headSha),
    base: sideView(hub, hub.repository.fullName, pull.baseRef, pull.baseSha),
    author_association: 'MEMBER',
    auto_merge: null,
    draft: false,
  }
}

/** The same addresses twice, flat and under `_links`, as GitHub has them. */
function addresses(hub: Hub, pull: PullRequest) {
  const api = `${repositoryUrl(hub)}/pulls/${pull.number}`
  const issue = `${repositoryUrl(hub)}/issues/${pull.number}`
  const page = `${repositoryPage(hub)}/pull/${pull.number}`
  const comments = `${issue}/comments`
  const reviewComments = `${api}/comments`
  const reviewComment = `${repositoryUrl(hub)}/pulls/comments{/number}`
  const commits = `${api}/commits`
  const statuses = `${repositoryUrl(hub)}/statuses/${pull.headSha}`
  return {
    url: api,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: commits,
    review_comments_url: reviewComments,
    review_comment_url: reviewComment,
    comments_url: comments,
    statuses_url: statuses,
    _links: {
      self: { href: api },
      html: { href: page },
      issue: { href: issue },
      comments: { href: comments },
      review_comments: { href: reviewComments },
      review_comment: { href: reviewComment },
      commits: { href: commits },
      statuses: { href: statuses },
    },
  }
}

function sideView(hub: Hub, fullName: string, ref: string, sha: string) {
  const owner = fullName.split('/')[0] ?? ''
  return { label: `${owner}:${ref}`, ref, sha, user: userView(hub, owner), repo: repositoryView(hub, fullName) }
}

export function minimalPullView(hub: Hub, pull: PullRequest): Schemas['pull-request-minimal'] {
  const side = (fullName: string, ref: string, sha: string) => ({
    ref,
    sha,
    repo: { id: numberFor(fullName), url: repositoryUrl(hub, fullName), name: fullName.split('/')[1] ?? '' },
  })
  return {
    id: pull.id,
    number: pull.number,
    url: `${repositoryUrl(hub)}/pulls/${pull.number}`,
    head: side(pull.headRepository, pull.headRef, pull.headSha),
    base: side(hub.repository.fullName, pull.baseRef, pull.baseSha),
  }
}
