import { z } from 'zod'
import { changeCheckRun, checksOf, createCheckRun, findCheck, latestOfEachSuite } from '../checks.ts'
import { resolveRef } from '../commits.ts'
import { notFound, unprocessable } from '../errors.ts'
import { countedAnswer, pageOf } from '../pages.ts'
import { created, grant, ok, type Call, type Routes } from '../route.ts'
import type { Commit } from '../state.ts'
import { createStatus, latestStatuses, statusesOf } from '../statuses.ts'
import { checkView } from '../view/runs.ts'
import { combinedView, statusView } from '../view/statuses.ts'

const conclusions = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
] as const

const change = {
  status: z.enum(['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending']).optional(),
  conclusion: z.enum(conclusions).optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string(),
      text: z.string().optional(),
      annotations: z.array(z.unknown()).optional(),
    })
    .optional(),
}

const newCheck = z.object({ ...change, name: z.string(), head_sha: z.string() })
const changedCheck = z.object({ ...change, name: z.string().optional() })

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().optional(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
})

/** GitHub answers 422 with this text where a ref names no commit. */
export function commitFor(call: Call, name: string): Commit {
  const ref = call.param(name)
  const commit = resolveRef(call.hub.repository, ref)
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${ref}`)
  return commit
}

function listChecks(call: Call) {
  const { hub, request } = call
  const all = checksOf(hub, commitFor(call, 'ref').sha)
  const chosen = call.query('filter') === 'all' ? all : latestOfEachSuite(all)
  const fits = (name: string, value: string | undefined) => call.query(name) === null || call.query(name) === value
  const matching = chosen.filter(
    (check) =>
      fits('check_name', check.name) && fits('status', check.status) && fits('app_id', String(check.creator.app?.id)),
  )
  return countedAnswer(hub, request, { name: 'check_runs', all: matching, view: (check) => checkView(hub, check) })
}

export const checkRoutes: Routes = {
  'checks/list-for-ref': { needs: grant('checks', 'read'), answer: listChecks },
  'checks/get': {
    needs: grant('checks', 'read'),
    answer: (call) => ok(checkView(call.hub, findCheck(call.hub, call.id('check_run_id')))),
  },
  'checks/create': {
    needs: grant('checks', 'write'),
    answer: (call) => created(checkView(call.hub, createCheckRun(call.hub, call.body(newCheck), call.by.actor))),
  },
  'checks/update': {
    needs: grant('checks', 'write'),
    answer(call) {
      const check = call.hub.repository.checkRuns.find(({ id }) => id === call.id('check_run_id'))
      // Another app's check, or a job's, is not this app's to change.
      if (check === undefined || check.creator.app?.id !== call.by.actor.app?.id) throw notFound()
      changeCheckRun(call.hub, check, call.body(changedCheck))
      return ok(checkView(call.hub, check))
    },
  },
  'repos/create-commit-status': {
    needs: grant('statuses', 'write'),
    answer: (call) =>
      created(statusView(call.hub, createStatus(call.hub, call.param('sha'), call.body(newStatus), call.by.actor))),
  },
  'repos/list-commit-statuses-for-ref': {
    needs: grant('statuses', 'read'),
    answer(call) {
      const page = pageOf(call.hub, call.request, statusesOf(call.hub, commitFor(call, 'ref').sha))
      return { ...ok(page.items.map((status) => statusView(call.hub, status))), headers: page.headers }
    },
  },
  'repos/get-combined-status-for-ref': {
    needs: grant('statuses', 'read'),
    answer(call) {
      const commit = commitFor(call, 'ref')
      const latest = latestStatuses(call.hub, commit.sha)
      const page = pageOf(call.hub, call.request, latest)
      return { ...ok(combinedView(call.hub, commit, { latest, shown: page.items })), headers: page.headers }
    },
  },
}
