import { join } from 'node:path'
import { actionInputs, type Action } from './action-manifest.ts'
import type { Contexts, Json } from './expressions.ts'
import { startStage, type JobGround, type RunningStage } from './stage.ts'

export interface ActionStageOptions {
  readonly ground: JobGround
  readonly action: Action
  readonly stage: 'main' | 'post'
  readonly title: string
  /** The evaluated `with:` of the step; defaults are added, evaluated in the contexts of this very moment. */
  readonly inputs: Readonly<Record<string, string>>
  readonly contexts: Contexts
  readonly env: Readonly<Record<string, string>>
  readonly state?: Readonly<Record<string, string>>
  readonly path?: readonly string[]
  readonly timeoutMinutes?: number | undefined
  /** Step keys of the `github` context: `action`, `action_repository`, `action_ref`. */
  readonly github?: Readonly<Record<string, Json>>
}

/** Runs an action's main or post: `node <folder>/<file>` in the workspace, without arguments. */
export function startActionStage(options: ActionStageOptions): RunningStage {
  const { ground, action } = options
  const script = options.stage === 'main' ? action.manifest.runs.main : action.manifest.runs.post
  if (script === undefined) throw new Error(`${action.directory}: the action has no ${options.stage}`)
  const inputs = actionInputs(action, options.inputs, options.contexts)
  const state = Object.entries(options.state ?? {}).map(([key, value]) => [`STATE_${key}`, value])
  return startStage({
    ground,
    title: options.title,
    command: ground.machine.nodeBinary,
    arguments: [join(action.directory, script)],
    directory: ground.machine.workspace,
    env: options.env,
    actionEnv: { ...inputs.variables, ...Object.fromEntries(state) },
    github: { action_path: action.directory, ...options.github },
    path: options.path ?? [],
    timeoutMinutes: options.timeoutMinutes,
    warnings: inputs.warnings,
  })
}
