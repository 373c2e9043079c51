import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import type { Cloudflare } from '../sandbox/cloudflare/control-plane.ts'
import type { GitHub } from '../sandbox/github/rest-api.ts'
import { numberFor } from '../sandbox/github/view/identity.ts'
import type { InterruptSource } from '../sandbox/runner/interrupts.ts'
import { createMachine } from '../sandbox/runner/machine.ts'
import { runStep, type StepResult } from '../sandbox/runner/step.ts'

// One step of the built action on a runner of its own, with the real wrangler: less than the whole graph of a
// workflow, where only the step is of interest.

const root = fileURLToPath(new URL('..', import.meta.url))
const permissions = { actions: 'read', contents: 'read', deployments: 'write', statuses: 'write', 'pull-requests': 'write' } as const

export const DEPLOY_WORKFLOW = '.github/workflows/deploy.yml'

export interface DistStep {
  readonly command: 'deploy' | 'recover'
  readonly sha: string
  readonly runId: number
  readonly token: string
  /** Puts the checkout where the step runs. */
  readonly prepare: (workspace: string) => void
  /** Besides those that every step has. */
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly interrupts?: InterruptSource
}

/** The step as the runner sees it end, `post` included unless the runner was lost. */
export async function runDist({ cloudflare, github }: { readonly cloudflare: Cloudflare; readonly github: GitHub }, asked: DistStep): Promise<StepResult> {
  await using machine = createMachine()
  asked.prepare(machine.workspace)
  const { command, sha, runId, token, interrupts } = asked
  const repository = `${github.owner}/${github.repo}`
  const repositoryId = numberFor(repository)
  const tested = { name: 'Test', head_sha: sha, head_branch: 'main', event: 'push', conclusion: 'success', head_repository: { full_name: repository } }
  return await runStep({
    actionDirectory: root,
    machine,
    pace: { graceScale: 0.3 },
    ...(interrupts === undefined ? {} : { interrupts }),
    ...(asked.env === undefined ? {} : { env: asked.env }),
    inputs: {
      command,
      environment: 'production',
      sha,
      'cloudflare-account-id': cloudflare.accountId,
      'cloudflare-api-token': token,
      'cloudflare-api-base-url': cloudflare.apiBaseUrl,
      ...(command === 'deploy' ? { 'test-workflows': '.github/workflows/test.yml', 'wrangler-directory': join(root, 'node_modules/wrangler') } : {}),
      ...asked.inputs,
    },
    github: {
      repository,
      repositoryId,
      sha,
      eventName: 'workflow_run',
      event: { action: 'completed', workflow_run: tested, repository: { id: repositoryId, name: github.repo, full_name: repository, default_branch: 'main' } },
      workflowPath: DEPLOY_WORKFLOW,
      runId,
      token: github.createToken({ permissions }),
      apiUrl: github.apiUrl,
      serverUrl: github.serverUrl,
    },
  })
}
