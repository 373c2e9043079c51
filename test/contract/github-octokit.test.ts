import { getOctokit } from '@actions/github'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startGitHub, type GitHub } from '../../sandbox/github/rest-api.ts'
import { createWorld, type World } from '../../sandbox/world.ts'

// The judge is GitHub's own client, as an action uses it, and GitHub's OpenAPI behind every call.

let world: World
let github: GitHub
let repo: { readonly owner: string; readonly repo: string }

beforeEach(async () => {
  world = createWorld()
  github = await startGitHub(world)
  repo = { owner: github.owner, repo: github.repo }
})

afterEach(async () => {
  await github[Symbol.asyncDispose]()
  expect(world.violations).toEqual([])
})

const everything = {
  actions: 'write',
  checks: 'write',
  contents: 'read',
  deployments: 'write',
  issues: 'write',
  'pull-requests': 'write',
  statuses: 'write',
} as const

const client = () => getOctokit(github.createToken({ permissions: everything }), { baseUrl: github.apiUrl })

describe('octokit', () => {
  it('finds the run that tested a commit, and its jobs', async () => {
    const sha = github.model.addCommit({ message: 'Sail at noon' })
    github.model.addWorkflowRun({ headSha: sha, workflowPath: '.github/workflows/other.yml' })
    github.model.addWorkflowRun({
      headSha: sha,
      jobs: [{ name: 'test' }, { name: 'lint', conclusion: 'skipped' }],
    })
    const { rest } = client()

    const runs = await rest.actions.listWorkflowRuns({ ...repo, workflow_id: 'ci.yml', head_sha: sha, event: 'push' })
    expect(runs.data.total_count).toBe(1)
    const [run] = runs.data.workflow_runs
    expect(run).toMatchObject({
      head_sha: sha,
      head_branch: 'main',
      path: '.github/workflows/ci.yml',
      conclusion: 'success',
      run_attempt: 1,
      display_title: 'Sail at noon',
      head_repository: { full_name: 'harbour/ferry' },
    })
    const run_id = run?.id ?? 0
    const { data: jobs } = await rest.actions.listJobsForWorkflowRunAttempt({ ...repo, run_id, attempt_number: 1 })
    expect(jobs.jobs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['test', 'success'],
      ['lint', 'skipped'],
    ])
    const { data: workflow } = await rest.actions.getWorkflow({ ...repo, workflow_id: run?.workflow_id ?? 0 })
    expect(workflow.path).toBe('.github/workflows/ci.yml')
    const { data: all } = await rest.actions.listRepoWorkflows(repo)
    expect(all.total_count).toBe(2)
  })

  it('sees a re-run as the next attempt of the same run, with new jobs', async () => {
    const sha = github.model.addCommit()
    const { id: run_id } = github.model.addWorkflowRun({ headSha: sha, conclusion: 'failure' })
    const { rest } = client()
    github.model.rerun(run_id, { status: 'in_progress', jobs: [{ name: 'test', status: 'in_progress' }] })
    expect((await rest.actions.getWorkflowRun({ ...repo, run_id })).data).toMatchObject({
      run_attempt: 2,
      status: 'in_progress',
      conclusion: null,
    })
    github.model.updateRun(run_id, { conclusion: 'success', jobs: [{ name: 'test' }] })

    const { data: second } = await rest.actions.getWorkflowRun({ ...repo, run_id })
    expect(second).toMatchObject({ run_attempt: 2, conclusion: 'success' })
    const { data: first } = await rest.actions.getWorkflowRunAttempt({ ...repo, run_id, attempt_number: 1 })
    expect(first).toMatchObject({ run_attempt: 1, conclusion: 'failure' })
    const { data: latest } = await rest.actions.listJobsForWorkflowRun({ ...repo, run_id })
    expect(latest.jobs.map(({ run_attempt, conclusion }) => [run_attempt, conclusion])).toEqual([[2, 'success']])
    const { data: all } = await rest.actions.listJobsForWorkflowRun({ ...repo, run_id, filter: 'all' })
    expect(all.jobs.map(({ run_attempt }) => run_attempt)).toEqual([1, 2])
  })

  it('walks through all pages, 30 at a time unless it asks for more', async () => {
    const sha = github.model.addCommit()
    for (let count = 0; count < 65; count += 1) github.model.addWorkflowRun({ headSha: sha })
    const { rest, paginate } = client()

    const runs = await paginate(rest.actions.listWorkflowRunsForRepo, { ...repo, head_sha: sha })
    expect(new Set(runs.map(({ id }) => id)).size).toBe(65)
    expect(world.requests).toHaveLength(3)
    const first = await rest.actions.listWorkflowRunsForRepo({ ...repo, per_page: 100 })
    expect(first.data.workflow_runs).toHaveLength(65)
    expect(first.headers.link).toBeUndefined()
  })

  it('keeps a ledger of deployments', async () => {
    const sha = github.model.addCommit()
    const { rest } = client()
    const payload = { baseline: 'v1', run: 7 }
    const made = await rest.repos.createDeployment({
      ...repo,
      ref: sha,
      auto_merge: false,
      required_contexts: [],
      environment: 'production',
      payload,
    })
    expect(made.status).toBe(201)
    if (made.status !== 201) return
    const deployment_id = made.data.id
    expect(made.data).toMatchObject({
      sha,
      payload,
      production_environment: true,
      creator: { login: 'github-actions[bot]' },
      performed_via_github_app: { id: 15_368, slug: 'github-actions' },
    })
    await rest.repos.createDeploymentStatus({ ...repo, deployment_id, state: 'in_progress' })
    await rest.repos.createDeploymentStatus({
      ...repo,
      deployment_id,
      state: 'success',
      description: 'promoted',
      log_url: 'https://example.com/log',
      environment_url: 'https://example.com/',
    })

    const { data: statuses } = await rest.repos.listDeploymentStatuses({ ...repo, deployment_id })
    expect(statuses.map(({ state }) => state)).toEqual(['success', 'in_progress'])
    const status_id = statuses[0]?.id ?? 0
    const { data: status } = await rest.repos.getDeploymentStatus({ ...repo, deployment_id, status_id })
    expect(status).toMatchObject({ log_url: 'https://example.com/log', target_url: 'https://example.com/log' })
    const { data: listed } = await rest.repos.listDeployments({ ...repo, environment: 'production', task: 'deploy' })
    expect(listed.map(({ id }) => id)).toEqual([deployment_id])
    expect((await rest.repos.getDeployment({ ...repo, deployment_id })).data.id).toBe(deployment_id)
    const { data: environment } = await rest.repos.getEnvironment({ ...repo, environment_name: 'production' })
    expect(environment.name).toBe('production')
    await rest.repos.createDeploymentStatus({ ...repo, deployment_id, state: 'inactive' })
    expect((await rest.repos.deleteDeployment({ ...repo, deployment_id })).status).toBe(204)
    expect(github.model.deployments()).toEqual([])
  })

  it('sets commit statuses and checks, and reads them back', async () => {
    const sha = github.model.addCommit()
    const { rest } = client()
    expect((await rest.repos.getCombinedStatusForRef({ ...repo, ref: sha })).data).toMatchObject({
      state: 'pending',
      total_count: 0,
    })
    await rest.repos.createCommitStatus({ ...repo, sha, state: 'pending', context: 'sleepwell/production/ferry' })
    await rest.repos.createCommitStatus({
      ...repo,
      sha,
      state: 'success',
      context: 'sleepwell/production/ferry',
      description: 'promoted',
      target_url: 'https://example.com/',
    })
    const { data: combined } = await rest.repos.getCombinedStatusForRef({ ...repo, ref: 'main' })
    expect(combined).toMatchObject({ sha, state: 'success', total_count: 1 })
    const { data: history } = await rest.repos.listCommitStatusesForRef({ ...repo, ref: sha })
    expect(history.map(({ state }) => state)).toEqual(['success', 'pending'])

    const { data: check } = await rest.checks.create({ ...repo, name: 'smoke', head_sha: sha, status: 'in_progress' })
    expect(check).toMatchObject({ status: 'in_progress', conclusion: null, app: { slug: 'github-actions' } })
    const output = { title: 'Smoke', summary: 'All well' }
    await rest.checks.update({ ...repo, check_run_id: check.id, conclusion: 'success', output })
    const { data: checks } = await rest.checks.listForRef({ ...repo, ref: sha, check_name: 'smoke' })
    expect(checks.check_runs).toMatchObject([{ status: 'completed', conclusion: 'success', output }])
    expect((await rest.checks.get({ ...repo, check_run_id: check.id })).data.name).toBe('smoke')
  })

  it('finds the pull request behind a commit, and keeps one comment there', async () => {
    github.model.addCommit()
    const change = github.model.addCommit({ branch: 'change', parents: [github.model.resolve('main') ?? ''] })
    const merge = github.model.addCommit({ message: 'Merge the change', author: { login: null } })
    github.model.addPullRequest({ number: 7, title: 'Sail', mergeCommitSha: merge, commits: [change] })
    const { rest } = client()

    for (const commit_sha of [merge, change]) {
      const { data: pulls } = await rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha })
      expect(pulls).toMatchObject([{ number: 7, merge_commit_sha: merge, state: 'closed', base: { ref: 'main' } }])
    }
    const { data: comment } = await rest.issues.createComment({ ...repo, issue_number: 7, body: 'Deploying' })
    await rest.issues.updateComment({ ...repo, comment_id: comment.id, body: 'Deployed' })
    const { data: comments } = await rest.issues.listComments({ ...repo, issue_number: 7 })
    expect(comments).toMatchObject([{ body: 'Deployed', user: { login: 'github-actions[bot]', type: 'Bot' } }])
    expect((await rest.issues.getComment({ ...repo, comment_id: comment.id })).data.body).toBe('Deployed')
    await rest.issues.deleteComment({ ...repo, comment_id: comment.id })
    expect(github.model.comments(7)).toEqual([])
  })

  it('compares commits along the real graph', async () => {
    const root = github.model.addCommit()
    const left = github.model.addCommit({ parents: [root], branch: 'left' })
    const right = github.model.addCommit({ parents: [root], branch: 'right' })
    const merged = github.model.addCommit({ parents: [left, right] })
    const { rest } = client()
    const compare = async (base: string, head: string) => {
      const { data } = await rest.repos.compareCommitsWithBasehead({ ...repo, basehead: `${base}...${head}` })
      return [data.status, data.ahead_by, data.behind_by, data.merge_base_commit.sha]
    }

    expect(await compare(root, 'main')).toEqual(['ahead', 3, 0, root])
    expect(await compare('main', root)).toEqual(['behind', 0, 3, root])
    expect(await compare('left', 'right')).toEqual(['diverged', 1, 1, root])
    expect(await compare(merged, 'main')).toEqual(['identical', 0, 0, merged])
    expect((await rest.repos.getCommit({ ...repo, ref: left.slice(0, 7) })).data.sha).toBe(left)
    expect((await rest.git.getRef({ ...repo, ref: 'heads/main' })).data.object.sha).toBe(merged)
  })

  it('reads the repository and the budget, but not who it is', async () => {
    const { rest } = client()
    expect((await rest.repos.get(repo)).data).toMatchObject({ default_branch: 'main', private: true })
    const { data } = await rest.rateLimit.get()
    expect(data.rate.remaining).toBe(data.rate.limit - 1)
    await expect(rest.users.getAuthenticated()).rejects.toMatchObject({ status: 403 })
  })

  it('dispatches a workflow, and learns the run if it asks', async () => {
    const sha = github.model.addCommit()
    github.model.addWorkflow('.github/workflows/rollback.yml')
    const heard: number[] = []
    github.model.onDispatch(({ runId }) => heard.push(runId))
    const { rest } = client()
    const inputs = { reason: 'the sea is rough' }
    const asked = { ...repo, workflow_id: 'rollback.yml', ref: 'main', inputs }
    expect((await rest.actions.createWorkflowDispatch(asked)).status).toBe(204)
    const told = await rest.actions.createWorkflowDispatch({ ...asked, return_run_details: true })
    expect(told.status).toBe(200)
    expect(github.model.dispatches()).toMatchObject([{ sha, inputs }, { sha, inputs }])
    expect(github.model.runs().map(({ id, event }) => [id, event])).toEqual(
      heard.map((id) => [id, 'workflow_dispatch']),
    )
  })

  it('retries nothing by itself: a refusal carries what to wait for', async () => {
    const { rest } = client()
    github.model.refuseSecondary({ status: 429, retryAfterSeconds: 3 })
    await expect(rest.repos.get(repo)).rejects.toMatchObject({
      status: 429,
      response: { headers: { 'retry-after': '3' } },
    })
    expect((await rest.repos.get(repo)).status).toBe(200)
  })
})
