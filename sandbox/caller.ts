import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { numberFor } from './github/view/identity.ts'
import { createGitRepository, type GitRepository } from './git-repository.ts'
import type { Platform } from './platform.ts'
import { createConcurrencyQueue, type ConcurrencyQueue } from './runner/concurrency.ts'
import type { JobNews } from './runner/run-state.ts'
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

/** The callers to copy, and what starts each. */
const EVENT_OF = {
  check: 'workflow_dispatch',
  deploy: 'workflow_run',
  'deploy-by-hand': 'workflow_dispatch',
  'deploy-on-push': 'push',
  'full-deploy': 'workflow_dispatch',
  monorepo: 'workflow_run',
  rollback: 'workflow_dispatch',
  steer: 'workflow_dispatch',
  'test-and-deploy': 'push',
} as const

export type CallerName = keyof typeof EVENT_OF

export interface Landed {
  readonly sha: string
  readonly pullRequest: number
}

/** A repository that calls our workflows, as its team sees it: commits, test runs, deploys and rollbacks. */
export interface Caller extends Disposable {
  readonly repository: GitRepository
  /** Who holds each concurrency group of the repository, and who waits for it. */
  readonly locks: Pick<ConcurrencyQueue, 'read'>
  /** Commits these files beside the copied callers, merged as a pull request of its own. */
  commit(message: string, files: Readonly<Record<string, string>>, change?: CallerChange): Landed
  /** The same with the good or the broken variant of the example Worker. */
  merge(message: string, variant: 'good' | 'broken', change?: CallerChange): Landed
  /** The test workflow has ended for this commit. */
  testsEnd(sha: string, conclusion: 'success' | 'failure'): void
  start(run: StartRun): StartedRun
}

/** What this commit's caller workflows say beside what everybody copies. */
export interface CallerChange {
  /** More lines of `with:` in the callers that deploy after tests, as YAML values. */
  readonly with?: Readonly<Record<string, string>>
  /** More files, path to content. */
  readonly files?: Readonly<Record<string, string>>
}

export interface StartRun {
  readonly workflow: CallerName
  /** Name in .github/workflows, where the caller was copied under another one. */
  readonly file?: string
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
  const commit: Caller['commit'] = (message, files, change = {}) => {
    const sha = repository.commit(message, { ...copiedCallers(platform, change), ...files, ...change.files, 'CHANGES.md': `${message}\n` })
    platform.github.model.addCommit({ sha, parents: repository.parentsOf(sha), message })
    pullRequests += 1
    platform.github.model.addPullRequest({ number: pullRequests, title: message, mergeCommitSha: sha, commits: [sha] })
    return { sha, pullRequest: pullRequests }
  }
  return {
    repository,
    locks: concurrency,
    commit,
    merge(message, variant, change) {
      repository.copy(join(root, 'workers/example'), '.')
      return commit(message, { '.github/sleepwell.yml': healthCheckOf(url), ...variantFiles(variant) }, change)
    },
    testsEnd(sha, conclusion) {
      platform.github.model.addWorkflowRun({ workflowPath: '.github/workflows/test.yml', workflowName: 'Test', headSha: sha, event: 'push', status: 'completed', conclusion })
    },
    start(run) {
      const path = `.github/workflows/${run.file ?? `${run.workflow}.yml`}`
      const event = EVENT_OF[run.workflow]
      const recorded = platform.github.model.addWorkflowRun({ workflowPath: path, headSha: run.sha, event, status: 'in_progress', conclusion: null, jobs: [] })
      const environment = { secrets: { CLOUDFLARE_API_TOKEN: run.environmentSecret ?? options.environmentSecret } }
      const started = startWorkflow({
        repositories: { [`${platform.github.owner}/${platform.github.repo}`]: { directory: repository.folder }, 'sleepwell-deploy/sleepwell': { directory: root, sha: RELEASE } },
        workflow: path,
        github: { ...facts(platform, run, event), runId: recorded.id, runAttempt: 1 },
        ...(run.inputs === undefined ? {} : { inputs: run.inputs }),
        vars: { CLOUDFLARE_ACCOUNT_ID: platform.cloudflare.accountId },
        secrets: {},
        environments: { production: environment, staging: environment },
        tokenFor: ({ permissions }) => platform.github.createToken({ permissions }),
        concurrency,
        pace: { graceScale: options.graceScale ?? 1 },
        masking: options.masking ?? true,
        onJob: (news) => platform.github.model.updateRun(recorded.id, { jobs: [asListed(news)] }),
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
  const tested = { name: 'Test', head_sha: run.sha, head_branch: 'main', event: 'push', conclusion: 'success', head_repository: { full_name: repository } }
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

/** As GitHub's list of the run's jobs shows it. */
function asListed({ name, result }: JobNews) {
  return result === undefined ? ({ name, status: 'in_progress' } as const) : ({ name, status: 'completed', conclusion: result } as const)
}

function recordEnd(platform: Platform, runId: number, result: RunResult): RunResult {
  const conclusion = result.conclusion === 'startup_failure' ? 'failure' : result.conclusion
  platform.github.model.updateRun(runId, { status: 'completed', conclusion })
  return result
}

/** The files that a team copies from here, with the sandbox's addresses put in. */
function copiedCallers(platform: Platform, change: CallerChange): Record<string, string> {
  const names = readdirSync(join(root, 'workflows'))
  return Object.fromEntries(names.map((name) => [`.github/workflows/${name}`, copiedCaller(platform, name, change)]))
}

/** One of them; nothing is changed but the inputs that only a sandbox needs, and those that are asked for. */
export function copiedCaller(platform: Platform, name: string, change: CallerChange = {}): string {
  const text = readFileSync(join(root, 'workflows', name), 'utf8')
  // It reaches GitHub only.
  if (name === 'steer.yml') return text
  const needsNoWrangler = name === 'rollback.yml' || name === 'check.yml'
  const more = needsNoWrangler || name === 'full-deploy.yml' ? {} : change.with
  const inputs = {
    ...more,
    'cloudflare-api-base-url': platform.cloudflare.apiBaseUrl,
    ...(needsNoWrangler ? {} : { 'wrangler-directory': join(root, 'node_modules/wrangler') }),
  }
  const lines = Object.entries(inputs).map(([input, value]) => `      ${input}: ${value}\n`).join('')
  return text.replace('      environment: production\n', (line) => line + lines)
}

export function healthCheckOf(url: string): string {
  return `url: ${url}\nrollout:\n  preset: immediate\nproof:\n  header: x-version-id\nchecks:\n  - name: health\n    kind: http\n    path: /healthz\n    expect:\n      status: 200\n      json:\n        - path: status\n          equals: pass\n`
}

function variantFiles(variant: 'good' | 'broken'): Record<string, string> {
  const name = variant === 'good' ? 'wrangler.jsonc' : 'wrangler.broken.jsonc'
  return { 'wrangler.jsonc': readFileSync(join(root, 'workers/example', name), 'utf8') }
}
