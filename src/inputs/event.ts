import { z } from 'zod'
import type { Problem } from './problems.ts'

const eventSchema = z.object({
  repository: z.object({ id: z.number(), full_name: z.string(), default_branch: z.string() }).optional(),
  workflow_run: z
    .object({
      head_sha: z.string(),
      event: z.string(),
      conclusion: z.string().nullable(),
      head_repository: z.object({ full_name: z.string() }).nullish(),
    })
    .optional(),
})
export type EventPayload = z.infer<typeof eventSchema>

export function readEvent(text: string | undefined): EventPayload {
  if (text === undefined) return {}
  try {
    const seen: unknown = JSON.parse(text)
    return eventSchema.safeParse(seen).data ?? {}
  } catch {
    return {}
  }
}

/** Why this event may not deploy, whatever else is configured. */
export function refuseEvent(eventName: string, event: EventPayload): Problem | undefined {
  if (eventName === 'pull_request' || eventName === 'pull_request_target') {
    return {
      code: 'pull-request-event',
      place: 'the event',
      message: `is ${eventName}: a pull request is not production's code yet. Deploy on push to the default branch or after the test workflow (workflow_run).`,
    }
  }
  if (eventName !== 'workflow_run') return undefined
  const run = event.workflow_run
  const home = event.repository?.full_name
  if (run === undefined || home === undefined) {
    return {
      code: 'fork-run',
      place: 'the event',
      message: 'is a workflow_run whose payload (GITHUB_EVENT_PATH) cannot be read, so it is not known whose run it was.',
    }
  }
  const isFork = run.head_repository?.full_name !== home
  // A fork's branch may be called main too, and workflow_run has this repository's secrets.
  if (isFork || run.event === 'pull_request' || run.event === 'pull_request_target') {
    return {
      code: 'fork-run',
      place: 'the event',
      message: `is a workflow_run of ${run.head_repository?.full_name ?? 'an unknown repository'} on ${run.event}: only a push to this repository may deploy.`,
    }
  }
  return undefined
}
