import { githubActions } from '../../sandbox/github/tokens.ts'
import { taskOf, type Payload } from '../../src/core/ledger.ts'
import type { Steering } from '../../src/core/steering.ts'
import type { Run } from './process.ts'
import { ENVIRONMENT, WORKER, type Stage } from './stage.ts'

const STEER_WORKFLOW = '.github/workflows/steer.yml'

/** A person's word to a run, as the steer job writes it; the job waits for its answer. */
export function sayTo({ github, cloudflare }: Stage, { sha, id }: Run, command: Steering): void {
  const run = github.model.addWorkflowRun({ workflowPath: STEER_WORKFLOW, headSha: sha, event: 'workflow_dispatch', actor: 'ada', status: 'in_progress', conclusion: null, jobs: [] })
  const payload: Payload = {
    schemaVersion: 1,
    account: cloudflare.accountId,
    worker: WORKER,
    environment: ENVIRONMENT,
    sha,
    runId: run.id,
    runAttempt: 1,
    caller: STEER_WORKFLOW,
    kind: 'command',
    command,
    aimedAt: { runId: id, runAttempt: 1 },
    actor: 'ada',
    reason: 'the graphs look odd',
  }
  github.model.addDeployment({ ref: sha, task: taskOf('command', WORKER), environment: ENVIRONMENT, payload: { ...payload } }, { login: 'github-actions[bot]', app: githubActions })
}
