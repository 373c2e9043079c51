import { asText } from './expressions.ts'
import type { JobState } from './job-state.ts'
import type { StageResult } from './stage.ts'
import type { StandIn } from './stand-ins.ts'
import { isUnsupported } from './unsupported.ts'
import type { Annotation } from './workflow-commands.ts'

/** Runs a stand-in as if it were an action's main: what it throws fails the step. */
export async function runStandIn(
  state: JobState,
  used: { readonly name: string; readonly run: StandIn },
  given: Readonly<Record<string, string>>,
): Promise<StageResult> {
  const { masks, machine } = state.ground
  const { repository, sha } = state.ground.github
  const log: string[] = []
  const write = (line: string) => {
    const shown = masks.hide(line)
    log.push(shown)
    state.ground.onLine?.(shown)
  }
  try {
    const { outputs = {}, env = {}, path = [] } = await used.run({
      inputs: Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])),
      machine,
      artifacts: state.services.artifacts,
      repositories: state.services.repositories,
      repository: asText(repository ?? ''),
      sha: asText(sha ?? ''),
      log: write,
    })
    return { ...nothing, outcome: 'success', exitCode: 0, annotations: [], log, outputs, env, path }
  } catch (error) {
    if (isUnsupported(error)) throw error
    const message = masks.hide(error instanceof Error ? error.message : String(error))
    write(`##[error]${message}`)
    return { ...nothing, outcome: 'failure', exitCode: 1, annotations: [errorAnnotation(message)], log }
  }
}

const nothing = { ending: 'exited', outputs: {}, state: {}, env: {}, path: [], summary: '' } as const

export function errorAnnotation(message: string): Annotation {
  return { level: 'error', message, properties: {} }
}

/** A step that failed before it could start, e.g. for an expression that cannot be evaluated. */
export function failedStage(message: string): StageResult {
  const annotations = [errorAnnotation(message)]
  return { ...nothing, outcome: 'failure', exitCode: 1, annotations, log: [`##[error]${message}`] }
}
