import { z } from 'zod'
import { resolveRef } from '../commits.ts'
import { notFound, unprocessable } from '../errors.ts'
import { countedAnswer } from '../pages.ts'
import { grant, noContent, ok, type Call, type Routes } from '../route.ts'
import { addRun, isVisible, latestAttempt, listRuns, type RunFilter } from '../runs.ts'
import type { Attempt, Run, Workflow } from '../state.ts'
import { repositoryPage, repositoryUrl } from '../view/repository.ts'
import { jobView, runView, workflowView } from '../view/runs.ts'

const read = grant('actions', 'read')

/** By id, or by the name of its file (docs "List workflow runs for a workflow"). */
function workflowFor(call: Call): Workflow {
  const wanted = call.param('workflow_id')
  const { workflows } = call.hub.repository
  const found = workflows.find(({ id, path }) => String(id) === wanted || path === wanted || path.endsWith(`/${wanted}`))
  if (found === undefined) throw notFound()
  return found
}

function runFor(call: Call): Run {
  const found = call.hub.repository.runs.find(({ id }) => id === call.id('run_id'))
  if (found === undefined || !isVisible(found)) throw notFound()
  return found
}

function attemptFor(call: Call, run: Run): Attempt {
  const found = run.attempts.find(({ number }) => number === call.id('attempt_number'))
  if (found === undefined) throw notFound()
  return found
}

function listed(call: Call, workflow?: Workflow) {
  if (call.query('created') !== null) throw new Error('the sandbox does not filter runs by creation time')
  const filter: RunFilter = {
    ...(workflow === undefined ? {} : { workflow }),
    headSha: call.query('head_sha'),
    event: call.query('event'),
    branch: call.query('branch'),
    actor: call.query('actor'),
    suiteId: call.query('check_suite_id'),
    status: call.query('status'),
  }
  const bare = withoutPulls(call)
  const view = (run: Run) => runView(call.hub, run, latestAttempt(run), bare)
  return countedAnswer(call.hub, call.request, { name: 'workflow_runs', all: listRuns(call.hub, filter), view })
}

const withoutPulls = (call: Call): boolean => call.query('exclude_pull_requests') === 'true'

function jobsOf(call: Call, run: Run, attempts: readonly Attempt[]) {
  const all = attempts.flatMap((attempt) => attempt.jobs.filter(isVisible).map((job) => ({ attempt, job })))
  const view = ({ attempt, job }: (typeof all)[number]) => jobView(call.hub, run, attempt, job)
  return countedAnswer(call.hub, call.request, { name: 'jobs', all, view })
}

const dispatchBody = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  return_run_details: z.boolean().optional(),
})

/** Docs "Create a workflow dispatch event": 204, or with `return_run_details` 200 and the run. */
function dispatch(call: Call) {
  const workflow = workflowFor(call)
  const { hub, by } = call
  const { ref, inputs = {}, return_run_details: wantsRun = false } = call.body(dispatchBody)
  const commit = resolveRef(hub.repository, ref)
  if (commit === undefined) throw unprocessable(`No ref found for: ${ref}`)
  const run = addRun(hub, {
    workflowPath: workflow.path,
    headSha: commit.sha,
    headBranch: ref.replace(/^refs\/(heads|tags)\//, ''),
    event: 'workflow_dispatch',
    status: 'queued',
    actor: by.actor.login,
    jobs: [],
  })
  const made = { workflow, ref, sha: commit.sha, inputs, actor: by.actor, runId: run.id }
  hub.repository.dispatches.push(made)
  for (const listener of hub.dispatchListeners) listener(made)
  if (!wantsRun) return noContent
  return ok({
    workflow_run_id: run.id,
    run_url: `${repositoryUrl(hub)}/actions/runs/${run.id}`,
    html_url: `${repositoryPage(hub)}/actions/runs/${run.id}`,
  })
}

export const runRoutes: Routes = {
  'actions/list-workflow-runs-for-repo': { needs: read, answer: (call) => listed(call) },
  'actions/list-workflow-runs': { needs: read, answer: (call) => listed(call, workflowFor(call)) },
  'actions/get-workflow-run': {
    needs: read,
    answer(call) {
      const run = runFor(call)
      return ok(runView(call.hub, run, latestAttempt(run), withoutPulls(call)))
    },
  },
  'actions/get-workflow-run-attempt': {
    needs: read,
    answer(call) {
      const run = runFor(call)
      return ok(runView(call.hub, run, attemptFor(call, run), withoutPulls(call)))
    },
  },
  'actions/list-jobs-for-workflow-run': {
    needs: read,
    answer(call) {
      const run = runFor(call)
      return jobsOf(call, run, call.query('filter') === 'all' ? run.attempts : [latestAttempt(run)])
    },
  },
  'actions/list-jobs-for-workflow-run-attempt': {
    needs: read,
    answer(call) {
      const run = runFor(call)
      return jobsOf(call, run, [attemptFor(call, run)])
    },
  },
  'actions/list-repo-workflows': {
    needs: read,
    answer: ({ hub, request }) =>
      countedAnswer(hub, request, {
        name: 'workflows',
        all: hub.repository.workflows,
        view: (workflow) => workflowView(hub, workflow),
      }),
  },
  'actions/get-workflow': { needs: read, answer: (call) => ok(workflowView(call.hub, workflowFor(call))) },
  'actions/create-workflow-dispatch': { needs: grant('actions', 'write'), answer: dispatch },
}
