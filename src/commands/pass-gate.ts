import { judgeGate, judgeNeeds, newestRun, waitForGate, type GateVerdict } from '../core/gate.ts'
import type { Sha } from '../core/ids.ts'
import type { GateRules, GateWorkflow, GitHubConfig } from '../inputs/config.ts'
import type { Clock } from '../shell/clock.ts'
import type { GitHub } from '../shell/github.ts'

export interface GateAsk {
  readonly sha: Sha
  readonly rules: GateRules
  readonly run: GitHubConfig
  /** 0: the verdict must be there now, as when it is read again under the lock. */
  readonly timeoutSeconds: number
  readonly discoverySeconds: number
}

export interface GatePorts {
  readonly github: Pick<GitHub, 'runsOfCommit' | 'jobs'>
  readonly clock: Clock
  readonly stop: AbortSignal
  log(line: string): void
}

export type GateResult =
  | { readonly kind: 'passed'; readonly proof: readonly string[] }
  | { readonly kind: 'refused'; readonly code: 'gate-failed' | 'gate-absent' | 'gate-timeout' | 'cancelled'; readonly why: string }

/** Whether the tests have passed for exactly this commit; every workflow must, and nothing found is a failure. */
export async function passGate(ask: GateAsk, ports: GatePorts): Promise<GateResult> {
  const startedAtMs = ports.clock.now()
  const { rules } = ask
  if (rules.kind === 'needs') {
    return poll(() => readNeeds(rules.jobs, ask, ports), rules.jobs.map((name) => `job "${name}" of this run`), { ask, ports, startedAtMs })
  }
  const proof: string[] = []
  for (const workflow of rules.workflows) {
    const result = await poll(() => readVerdict(workflow, ask, ports), [], { ask, ports, startedAtMs })
    if (result.kind !== 'passed') return result
    proof.push(...result.proof)
  }
  return { kind: 'passed', proof }
}

type Verdict = GateVerdict | { readonly kind: 'passed' }

/** Reads until there is a verdict; one clock runs for all workflows together. */
async function poll(readOnce: () => Promise<Verdict>, proof: readonly string[], { ask, ports, startedAtMs }: { readonly ask: GateAsk; readonly ports: GatePorts; readonly startedAtMs: number }): Promise<GateResult> {
  while (!ports.stop.aborted) {
    const verdict = await readOnce()
    if (verdict.kind === 'passed') return { kind: 'passed', proof: 'run' in verdict ? [verdict.run.url] : proof }
    if (verdict.kind === 'failed') return { kind: 'refused', code: 'gate-failed', why: verdict.why }
    const elapsedSeconds = (ports.clock.now() - startedAtMs) / 1000
    const patience = waitForGate(verdict, { elapsedSeconds, timeoutSeconds: ask.timeoutSeconds, discoverySeconds: ask.discoverySeconds })
    if (patience.kind === 'give-up') return { kind: 'refused', code: patience.code, why: verdict.why }
    ports.log(`Gate: ${verdict.why}; looking again in ${Math.round(patience.afterSeconds)} s.`)
    await ports.clock.sleep(patience.afterSeconds, ports.stop)
  }
  return { kind: 'refused', code: 'cancelled', why: 'the run was cancelled while it waited for the tests' }
}

async function readVerdict(workflow: GateWorkflow, { sha, run }: GateAsk, { github }: GatePorts): Promise<GateVerdict> {
  const query = {
    sha,
    repositoryId: run.repositoryId,
    ownRunId: run.runId,
    path: workflow.path,
    events: workflow.events,
    branch: run.defaultBranch,
    requiredJobs: workflow.requiredJobs,
  }
  const runs = await github.runsOfCommit(workflow.path, sha)
  if (runs.kind === 'absent') return { kind: 'failed', why: `${workflow.path} is not a workflow of this repository` }
  if (runs.kind === 'denied') return { kind: 'failed', why: runs.message }
  if (runs.kind === 'unavailable') return { kind: 'waiting', isFound: true, why: runs.message }
  const newest = newestRun(query, runs.value)
  if (newest === undefined || newest.status !== 'completed') return judgeGate(query, newest, [])
  const jobs = await github.jobs(newest.id, newest.attempt)
  if (jobs.kind === 'ok') return judgeGate(query, newest, jobs.value)
  return { kind: 'waiting', isFound: true, why: `the jobs of ${newest.url} cannot be read` }
}

async function readNeeds(required: readonly string[], { run }: GateAsk, { github }: GatePorts): Promise<Verdict> {
  const jobs = await github.jobs(run.runId, run.runAttempt)
  return jobs.kind === 'ok' ? judgeNeeds(required, jobs.value) : { kind: 'waiting', isFound: true, why: 'the jobs of this run cannot be read' }
}
