import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve as resolvePath } from 'node:path'
import { startActionStage } from './action-stage.ts'
import { evaluate, isTruthy, type Contexts } from './expressions.ts'
import { jobStatus, stepContexts, type JobState, type StepReport } from './job-state.ts'
import { startStage, type RunningStage, type StageResult } from './stage.ts'
import { failedStage, runStandIn } from './stand-in-stage.ts'
import { resolve, resolveText, resolveTexts } from './template.ts'
import { findAction, type UsedAction } from './uses.ts'
import { isUnsupported, unsupported } from './unsupported.ts'
import type { RunStepFile, StepFile, UsesStepFile } from './workflow-file.ts'

/** Runs one step of a job, or skips it, and adds its report and what it left to the job. */
export async function runJobStep(state: JobState, step: StepFile): Promise<void> {
  try {
    const env = resolveTexts(step.env, stepContexts(state))
    const contexts = stepContexts(state, env)
    const title = step.name === undefined ? defaultTitle(step) : resolveText(step.name, contexts)
    if (holds(state, step.condition, contexts)) await runWanted({ state, env, contexts, title }, step)
    else report(state, { id: step.id, title, outcome: 'skipped', conclusion: 'skipped', outputs: {}, main: undefined })
  } catch (error) {
    if (isUnsupported(error)) throw error
    conclude(state, step, defaultTitle(step), failedStage(error instanceof Error ? error.message : String(error)), false)
  }
}

async function runWanted(running: Running, step: StepFile): Promise<void> {
  const { state, contexts, title } = running
  const main = step.kind === 'run' ? await runScript(running, step) : await runUses(running, step)
  applyLeftovers(state, main)
  conclude(state, step, title, main, resolve(step['continue-on-error'], contexts) === true)
}

function conclude(state: JobState, step: StepFile, title: string, main: StageResult, continueOnError: boolean): void {
  const { outcome, outputs } = main
  const conclusion = outcome === 'failure' && continueOnError ? 'success' : outcome
  if (conclusion === 'failure' && state.status === 'success') state.status = 'failure'
  report(state, { id: step.id, title, outcome, conclusion, outputs, main })
}

interface Running {
  readonly state: JobState
  readonly env: Readonly<Record<string, string>>
  readonly contexts: Contexts
  readonly title: string
}

function holds(state: JobState, condition: string, contexts: Contexts): boolean {
  return isTruthy(evaluate(condition, contexts, jobStatus(state)))
}

function report(state: JobState, made: Omit<StepReport, 'post'>): void {
  state.reports.push({ ...made, post: undefined })
}

function applyLeftovers(state: JobState, stage: StageResult): void {
  Object.assign(state.env, stage.env)
  for (const folder of stage.path) state.path.unshift(folder)
}

/** Waits for a process while the job may cancel it: when its step's condition no longer holds. */
async function follow(running: Running, step: StepFile, stage: RunningStage): Promise<StageResult> {
  const { state } = running
  state.current = { process: stage.process, stillWanted: () => holds(state, step.condition, running.contexts) }
  if (state.lost) stage.process.kill('lost')
  const result = await stage.finished
  state.current = undefined
  return result
}

async function runScript(running: Running, step: RunStepFile): Promise<StageResult> {
  const { state, contexts, env } = running
  const { plan, ground } = state
  const defaults = [plan.job.defaults?.run, plan.workflowDefaults?.run]
  const shell = step.shell ?? defaults.find((each) => each?.shell !== undefined)?.shell
  const folder =
    step['working-directory'] ?? defaults.find((each) => each?.['working-directory'] !== undefined)?.['working-directory']
  const directory = resolvePath(ground.machine.workspace, folder === undefined ? '.' : resolveText(folder, contexts))
  if (!existsSync(directory)) throw new Error(`An error occurred trying to start process: no such folder ${directory}`)
  const script = join(ground.machine.temp, `${randomUUID()}.sh`)
  writeFileSync(script, resolveText(step.run, contexts))
  const stage = startStage({
    ground,
    title: running.title,
    ...shellCommand(shell, script),
    directory,
    env: { ...state.env, ...env },
    github: { action: step.id },
    path: state.path,
    timeoutMinutes: minutesOf(step, contexts),
    tellExitCode: true,
  })
  return await follow(running, step, stage)
}

/** actions/runner, ScriptHandler.cs and ScriptHandlerHelpers.cs: without `shell:` it is bash with sh's arguments. */
function shellCommand(shell: string | undefined, script: string): { command: string; arguments: readonly string[] } {
  if (shell === undefined) return { command: 'bash', arguments: ['-e', script] }
  if (shell === 'sh') return { command: 'sh', arguments: ['-e', script] }
  if (shell === 'bash') return { command: 'bash', arguments: ['--noprofile', '--norc', '-e', '-o', 'pipefail', script] }
  throw unsupported(`shell: ${shell}`)
}

async function runUses(running: Running, step: UsesStepFile): Promise<StageResult> {
  const { state, contexts } = running
  const { plan, services, ground } = state
  const used = findAction(step.uses, { source: plan.source, workspace: ground.machine.workspace, ...services })
  if (used.kind === 'stand-in') return await runStandIn(state, used, resolveTexts(step.with, contexts))
  const stage = (kind: 'main' | 'post', saved: Readonly<Record<string, string>>) =>
    startActionStage({
      ground,
      action: used.action,
      stage: kind,
      title: running.title,
      // Evaluated anew for post, when the job's status may be another one.
      inputs: resolveTexts(step.with, stepContexts(state, running.env)),
      contexts: stepContexts(state, running.env),
      env: { ...state.env, ...running.env },
      state: saved,
      path: state.path,
      timeoutMinutes: kind === 'main' ? minutesOf(step, contexts) : undefined,
      github: { action: step.id, action_repository: used.repository ?? null, action_ref: used.ref ?? null },
    })
  registerPost(running, used, (saved) => stage('post', saved))
  return await follow(running, step, stage('main', {}))
}

type StartPost = (saved: Readonly<Record<string, string>>) => RunningStage

/** Before main starts, so that a main which never comes back still gets its post (ActionRunner.cs). */
function registerPost(running: Running, used: UsedAction & { kind: 'action' }, start: StartPost) {
  const { post, 'post-if': condition = 'always()' } = used.action.manifest.runs
  if (post === undefined) return
  const { state } = running
  const index = state.reports.length
  state.posts.push(async () => {
    if (!holds(state, condition, stepContexts(state, running.env))) return
    const main = state.reports[index]
    const stage = start(main?.main?.state ?? {})
    state.current = {
      process: stage.process,
      stillWanted: () => holds(state, condition, stepContexts(state, running.env)),
    }
    if (state.lost) stage.process.kill('lost')
    const result = await stage.finished
    state.current = undefined
    applyLeftovers(state, result)
    if (main !== undefined) main.post = result
    if (result.outcome === 'failure' && state.status === 'success') state.status = 'failure'
  })
}

function minutesOf(step: StepFile, contexts: Contexts): number | undefined {
  const minutes = step['timeout-minutes']
  return minutes === undefined ? undefined : Number(resolve(minutes, contexts))
}

function defaultTitle(step: StepFile): string {
  if (step.kind === 'uses') return `Run ${step.uses}`
  return typeof step.run === 'string' ? `Run ${step.run.split('\n')[0] ?? ''}` : 'Run script'
}
