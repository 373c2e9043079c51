import { notFound, validationFailed } from './errors.ts'
import { nextId, type Hub } from './hub.ts'
import type { IssueComment } from './state.ts'
import type { Actor, Grant } from './tokens.ts'

/** GitHub's limit for a comment, in its own words. */
const bodyLimit = 65_536

export function createComment(hub: Hub, issue: number, body: string, by: Actor): IssueComment {
  if (!hub.repository.issues.has(issue)) throw notFound()
  refuseBody(body)
  const createdAt = hub.world.now()
  const comment = { id: nextId(hub), issue, body, creator: by, createdAt, updatedAt: createdAt }
  hub.repository.comments.push(comment)
  return comment
}

export function changeComment(hub: Hub, comment: IssueComment, body: string): void {
  refuseBody(body)
  comment.body = body
  comment.updatedAt = hub.world.now()
}

export function findComment(hub: Hub, id: number): IssueComment {
  const found = hub.repository.comments.find((comment) => comment.id === id)
  if (found === undefined) throw notFound()
  return found
}

function refuseBody(body: string): void {
  if (body.trim() === '') {
    throw validationFailed([{ resource: 'IssueComment', code: 'missing_field', field: 'body' }])
  }
  if (Array.from(body).length > bodyLimit) {
    const message = `body is too long (maximum is ${bodyLimit} characters)`
    throw validationFailed([{ resource: 'IssueComment', code: 'custom', field: 'data', message }])
  }
}

/** Docs "Create an issue comment": Issues, or Pull requests; the latter reaches pull requests only. */
export function commentGrants(hub: Hub, issue: number, level: Grant['level']): readonly Grant[] {
  const issues = { permission: 'issues', level } as const
  const pulls = { permission: 'pull_requests', level } as const
  return hub.repository.pullRequests.has(issue) || !hub.repository.issues.has(issue) ? [issues, pulls] : [issues]
}
