import { z } from 'zod'
import { changeComment, commentGrants, createComment, findComment } from '../comments.ts'
import { compareCommits, isAncestor, resolveRef } from '../commits.ts'
import { notAccessible, notFound } from '../errors.ts'
import { listAnswer, pageOf } from '../pages.ts'
import { created, grant, noContent, ok, type Call, type Routes } from '../route.ts'
import type { PullRequest } from '../state.ts'
import { commitView, comparisonView, refView } from '../view/commits.ts'
import { pullRequestView } from '../view/pull-requests.ts'
import { fullRepositoryView } from '../view/repository.ts'
import { commentView } from '../view/statuses.ts'
import { commitFor } from './checks.ts'

const commentBody = z.object({ body: z.string() })

/** Docs "Compare two commits": without paging parameters, up to 250 commits and the newest of them last. */
function compare(call: Call) {
  const { hub, request } = call
  const parts = call.param('basehead').split('...')
  const [base = '', head = ''] = parts
  if (parts.length !== 2) throw notFound()
  const comparison = compareCommits(hub.repository, base, head)
  const paged = call.query('per_page') !== null || call.query('page') !== null
  if (!paged) return ok(comparisonView(hub, comparison, comparison.ahead.slice(-250)))
  const page = pageOf(hub, request, comparison.ahead)
  return { ...ok(comparisonView(hub, comparison, page.items)), headers: page.headers }
}

/** Docs "List pull requests associated with a commit": on the default branch only the merged ones that brought it. */
function pullsOf(call: Call) {
  const { hub, request } = call
  const { sha } = commitFor(call, 'commit_sha')
  const holds = (pull: PullRequest) => pull.mergeCommitSha === sha || pull.headSha === sha || pull.commits.includes(sha)
  const all = [...hub.repository.pullRequests.values()].filter(holds)
  const tip = resolveRef(hub.repository, hub.repository.defaultBranch)
  const landed = tip !== undefined && isAncestor(hub.repository, sha, tip.sha)
  const shown = landed ? all.filter(({ mergedAt }) => mergedAt !== null) : all
  return listAnswer(hub, request, shown, (pull) => pullRequestView(hub, pull))
}

function refFor(call: Call) {
  const ref = `refs/${call.param('ref')}`
  const sha = call.hub.repository.refs.get(ref)
  if (sha === undefined) throw notFound()
  return ok(refView(call.hub, ref, sha))
}

const commentFor = (call: Call) => findComment(call.hub, call.id('comment_id'))

const commentRoutes: Routes = {
  'issues/list-comments': {
    needs: (call) => commentGrants(call.hub, call.id('issue_number'), 'read'),
    answer(call) {
      const { hub, request } = call
      const issue = call.id('issue_number')
      if (!hub.repository.issues.has(issue)) throw notFound()
      const since = call.query('since')
      const all = hub.repository.comments.filter(
        (comment) => comment.issue === issue && (since === null || comment.updatedAt >= new Date(since)),
      )
      return listAnswer(hub, request, all, (comment) => commentView(hub, comment))
    },
  },
  'issues/create-comment': {
    needs: (call) => commentGrants(call.hub, call.id('issue_number'), 'write'),
    answer(call) {
      const { body } = call.body(commentBody)
      return created(commentView(call.hub, createComment(call.hub, call.id('issue_number'), body, call.by.actor)))
    },
  },
  'issues/get-comment': {
    needs: (call) => commentGrants(call.hub, commentFor(call).issue, 'read'),
    answer: (call) => ok(commentView(call.hub, commentFor(call))),
  },
  'issues/update-comment': {
    needs: (call) => commentGrants(call.hub, commentFor(call).issue, 'write'),
    answer(call) {
      const comment = commentFor(call)
      changeComment(call.hub, comment, call.body(commentBody).body)
      return ok(commentView(call.hub, comment))
    },
  },
  'issues/delete-comment': {
    needs: (call) => commentGrants(call.hub, commentFor(call).issue, 'write'),
    answer(call) {
      const { comments } = call.hub.repository
      comments.splice(comments.indexOf(commentFor(call)), 1)
      return noContent
    },
  },
}

export const repositoryRoutes: Routes = {
  ...commentRoutes,
  'repos/get': { needs: grant('metadata', 'read'), answer: ({ hub }) => ok(fullRepositoryView(hub)) },
  'repos/get-commit': {
    needs: grant('contents', 'read'),
    answer: (call) => ok(commitView(call.hub, commitFor(call, 'ref'))),
  },
  'repos/compare-commits-with-basehead': { needs: grant('contents', 'read'), answer: compare },
  'repos/list-pull-requests-associated-with-commit': { needs: grant('pull_requests', 'read'), answer: pullsOf },
  'git/get-ref': { needs: grant('contents', 'read'), answer: refFor },
  'rate-limit/get': {
    needs: [],
    answer({ rateLimit }) {
      const core = rateLimit.overview()
      return ok({ resources: { core, search: core }, rate: core })
    },
  },
  'users/get-authenticated': {
    needs: [],
    answer({ by }) {
      // An app's token is nobody's: GITHUB_TOKEN cannot ask who it is.
      if (by.actor.app !== null) throw notAccessible('integration', '')
      throw new Error('the sandbox has no page about a person')
    },
  },
}
