import type { Hub } from '../hub.ts'
import type { Attempt, CheckRun, Job, Run, Workflow } from '../state.ts'
import { simpleCommitView } from './commits.ts'
import { appView, nodeId, numberFor, stamp, userView, type Schemas } from './identity.ts'
import { minimalPullView } from './pull-requests.ts'
import { minimalRepositoryView, repositoryPage, repositoryUrl } from './repository.ts'

const runUrl = (hub: Hub, run: Run) => `${repositoryUrl(hub)}/actions/runs/${run.id}`
const runPage = (hub: Hub, run: Run) => `${repositoryPage(hub)}/actions/runs/${run.id}`

export function runView(hub: Hub, run: Run, attempt: Attempt, excludePullRequests = false): Schemas['workflow-run'] {
  const url = runUrl(hub, run)
  const commit = hub.repository.commits.get(run.headSha)
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: nodeId('WorkflowRun', run.id),
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId('CheckSuite', run.suiteId),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    run_number: run.number,
    run_attempt: attempt.number,
    referenced_workflows: [],
    event: run.event,
    display_title: run.displayTitle,
    status: attempt.status,
    conclusion: attempt.conclusion,
    workflow_id: run.workflow.id,
    url,
    html_url: runPage(hub, run),
    pull_requests: excludePullRequests ? [] : openPulls(hub, run.headSha),
    created_at: stamp(run.createdAt),
    updated_at: stamp(attempt.updatedAt),
    run_started_at: stamp(attempt.startedAt),
    actor: userView(hub, run.actor),
    triggering_actor: userView(hub, attempt.triggeringActor),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(hub)}/check-suites/${run.suiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt.number === 1 ? null : `${url}/attempts/${attempt.number - 1}`,
    workflow_url: `${repositoryUrl(hub)}/actions/workflows/${run.workflow.id}`,
    head_commit: commit === undefined ? null : simpleCommitView(commit),
    repository: minimalRepositoryView(hub),
    head_repository: minimalRepositoryView(hub, run.headRepository),
    head_repository_id: numberFor(run.headRepository),
  }
}

/** Docs "REST API endpoints for workflow runs": only open pull requests of the same repository. */
function openPulls(hub: Hub, sha: string): Schemas['pull-request-minimal'][] {
  const open = [...hub.repository.pullRequests.values()].filter((pull) => pull.headSha === sha && pull.mergedAt === null)
  return open.map((pull) => minimalPullView(hub, pull))
}

export function jobView(hub: Hub, run: Run, attempt: Attempt, job: Job): Schemas['job'] {
  const ran = job.conclusion !== 'skipped' && job.status !== 'queued'
  return {
    id: job.id,
    run_id: run.id,
    run_url: runUrl(hub, run),
    run_attempt: attempt.number,
    node_id: nodeId('WorkflowJob', job.id),
    head_sha: run.headSha,
    head_branch: run.headBranch,
    url: `${repositoryUrl(hub)}/actions/jobs/${job.id}`,
    html_url: `${runPage(hub, run)}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: stamp(job.createdAt),
    started_at: stamp(job.startedAt),
    completed_at: job.completedAt === null ? null : stamp(job.completedAt),
    name: job.name,
    steps: job.steps.map(({ name, conclusion }, index) => ({
      name,
      status: conclusion === null ? 'in_progress' : 'completed',
      conclusion,
      number: index + 1,
    })),
    check_run_url: `${repositoryUrl(hub)}/check-runs/${job.id}`,
    labels: ['ubuntu-24.04'],
    runner_id: ran ? 1 : null,
    runner_name: ran ? 'GitHub Actions 1' : null,
    runner_group_id: ran ? 0 : null,
    runner_group_name: ran ? 'GitHub Actions' : null,
    workflow_name: run.workflow.name,
  }
}

export function workflowView(hub: Hub, workflow: Workflow): Schemas['workflow'] {
  const changed = stamp(hub.repository.createdAt)
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: changed,
    updated_at: changed,
    url: `${repositoryUrl(hub)}/actions/workflows/${workflow.id}`,
    html_url: `${repositoryPage(hub)}/blob/${hub.repository.defaultBranch}/${workflow.path}`,
    badge_url: `${repositoryPage(hub)}/actions/${workflow.path}/badge.svg`,
  }
}

/** GitHub's schema lists no `stale` conclusion for a check, though its docs do: shown as it is listed. */
export function checkView(hub: Hub, check: CheckRun): Schemas['check-run'] {
  const url = `${repositoryUrl(hub)}/check-runs/${check.id}`
  const page = `${repositoryPage(hub)}/runs/${check.id}`
  return {
    id: check.id,
    head_sha: check.headSha,
    node_id: nodeId('CheckRun', check.id),
    external_id: check.externalId ?? '',
    url,
    html_url: page,
    details_url: check.detailsUrl ?? page,
    status: check.status,
    conclusion: check.conclusion === 'stale' ? 'neutral' : check.conclusion,
    started_at: check.startedAt === null ? null : stamp(check.startedAt),
    completed_at: check.completedAt === null ? null : stamp(check.completedAt),
    output: { ...check.output, annotations_count: check.annotations, annotations_url: `${url}/annotations` },
    name: check.name,
    check_suite: { id: check.suiteId },
    app: check.creator.app === null ? null : appView(hub, check.creator.app),
    pull_requests: openPulls(hub, check.headSha),
  }
}
