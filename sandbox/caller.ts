import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { numberFor } from './github/view/identity.ts'
import { createGitRepository, type GitRepository } from './git-repository.ts'
import type { Platform } from './platform.ts'
import { createConcurrencyQueue } from './runner/concurrency.ts'
import { startWorkflow, type RunResult, type WorkflowRun } from './runner/workflow.ts'
import type { Json } from './runner/expressions.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** The callers to copy name a release; here it is this checkout. */
const RELEASE = '0'.repeat(40)

export interface CallerOptions {
  readonly environmentSecret: string
  readonly onLine?: (line: string, job: string) => void
  /** 1 gives the runner's real grace on a cancel; less makes tests quick. */
  readonly graceScale?: number
  readonly masking?: boolean
}

/** A repository that calls our workflows, as its team sees it: commits, test runs, deploys and rollbacks. */
export interface Caller extends Disposable {
  readonly repository: GitRepository
  /** Commits the good or the broken variant of the example Worker, merged as a pull request of its own. */
  merge(message: string, variant: 'good' | 'broken', change?: CallerChange): { readonly sha: string; readonly pullRequest: number }
  /** The test workflow has ended for this commit. */
  testsEnd(sha: string, conclusion: 'success' | 'failure'): void
  start(run: StartRun): StartedRun
}

/** What this commit's caller workflows say beside what everybody copies. */
export interface CallerChange {
  /** More lines of deploy.yml's `with:`, as YAML values. */
  readonly with?: Readonly<Record<string, string>>
}

export interface StartRun {
  readonly workflow: 'deploy' | 'full-deploy' | 'rollback'
  /** Commit that the run is about. */
  readonly sha: string
  readonly inputs?: Readonly<Record<string, Json>>
  /** The environment's token in this run, if it is another one. */
  readonly environmentSecret?: string
}

export interface StartedRun extends WorkflowRun {
  readonly runId: number
}

export async function createCaller(platform: Platform, options: CallerOptions): Promise<Caller> {
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-caller-'))
  const repository = createGitRepository(join(folder, 'repository'))
  const url = await platform.edge.urlFor('sleepwell-example')
  const concurrency = createConcurrencyQueue()
  let pullRequests = 0
  repository.copy(join(root, 'workers/example'), '.')
  return {
    repository,
    merge(message, variant, change = {}) {
      const sha = repository.commit(message, { ...callerFiles(platform, url, change), ...variantFiles(variant), 'CHANGES.md': `${message}\n` })
      platform.github.model.addCommit({ sha, parents: repository.parentsOf(sha), message })
      pullRequests += 1
      platform.github.model.addPullRequest({ number: pullRequests, title: message, mergeCommitSha: sha, commits: [sha] })
      return { sha, pullRequest: pullRequests }
    },
    testsEnd(sha, conclusion) {
      platform.github.model.addWorkflowRun({ workflowPath: '.github/workflows/test.yml', workflowName: 'Test', headSha: sha, event: 'push', status: 'completed', conclusion })
    },
    start(run) {
      const path = `.github/workflows/${run.workflow}.yml`
      const event = run.workflow === 'deploy' ? 'workflow_run' : 'workflow_dispatch'
      const recorded = platform.github.model.addWorkflowRun({ workflowPath: path, headSha: run.sha, event, status: 'in_progress', conclusion: null, jobs: [] })
      const started = startWorkflow({
        repositories: { [`${platform.github.owner}/${platform.github.repo}`]: { directory: repository.folder }, 'sleepwell-deploy/sleepwell': { directory: root, sha: RELEASE } },
        workflow: path,
        github: { ...facts(platform, run, event), runId: recorded.id, runAttempt: 1 },
        ...(run.inputs === undefined ? {} : { inputs: run.inputs }),
        vars: { CLOUDFLARE_ACCOUNT_ID: platform.cloudflare.accountId },
        secrets: {},
        environments: { production: { secrets: { CLOUDFLARE_API_TOKEN: run.environmentSecret ?? options.environmentSecret } } },
        tokenFor: ({ permissions }) => platform.github.createToken({ permissions }),
        concurrency,
        pace: { graceScale: options.graceScale ?? 1 },
        masking: options.masking ?? true,
        trigger: 'assumed',
        ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
      })
      const finished = started.finished.then((result) => recordEnd(platform, recorded.id, result))
      return { ...started, finished, runId: recorded.id }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function facts(platform: Platform, run: StartRun, eventName: string) {
  const { github } = platform
  const repository = `${github.owner}/${github.repo}`
  const tested = { head_sha: run.sha, head_branch: 'main', event: 'push', conclusion: 'success', head_repository: { full_name: repository } }
  return {
    repository,
    repositoryId: numberFor(repository),
    sha: run.sha,
    ref: 'refs/heads/main',
    eventName,
    apiUrl: github.apiUrl,
    serverUrl: github.serverUrl,
    actor: 'ada',
    event: { repository: { id: numberFor(repository), name: github.repo, full_name: repository, default_branch: 'main' }, ...(eventName === 'workflow_run' ? { action: 'completed', workflow_run: tested } : {}) },
  }
}

function recordEnd(platform: Platform, runId: number, result: RunResult): RunResult {
  const conclusion = result.conclusion === 'startup_failure' ? 'failure' : result.conclusion
  platform.github.model.updateRun(runId, { status: 'completed', conclusion })
  return result
}

/** The files that a team copies from here, with the sandbox's addresses put in. */
function callerFiles(platform: Platform, url: string, change: CallerChange): Record<string, string> {
  const more = Object.entries(change.with ?? {}).map(([name, value]) => `      ${name}: ${value}\n`).join('')
  const sandboxed = (text: string) =>
    text.replace(
      '      environment: production\n',
      `      environment: production\n      cloudflare-api-base-url: ${platform.cloudflare.apiBaseUrl}\n${text.includes('rollback.yml@') ? '' : `      wrangler-directory: ${join(root, 'node_modules/wrangler')}\n`}`,
    )
  const copy = (name: string) => sandboxed(readFileSync(join(root, 'workflows', name), 'utf8'))
  return {
    '.github/workflows/deploy.yml': copy('deploy.yml').replace('      environment: production\n', `      environment: production\n${more}`),
    '.github/workflows/full-deploy.yml': copy('full-deploy.yml'),
    '.github/workflows/rollback.yml': copy('rollback.yml'),
    '.github/sleepwell.yml': `url: ${url}\nproof:\n  header: x-version-id\nchecks:\n  - name: health\n    kind: http\n    path: /healthz\n    expect:\n      status: 200\n      json:\n        - path: status\n          equals: pass\n`,
  }
}

function variantFiles(variant: 'good' | 'broken'): Record<string, string> {
  const name = variant === 'good' ? 'wrangler.jsonc' : 'wrangler.broken.jsonc'
  return { 'wrangler.jsonc': readFileSync(join(root, 'workers/example', name), 'utf8') }
}
