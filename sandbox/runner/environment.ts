import type { Contexts } from './expressions.ts'
import type { EnvironmentDefinition, RunState, WorkflowInstance } from './run-state.ts'
import { resolve, resolveText } from './template.ts'
import { unsupported } from './unsupported.ts'
import type { EnvironmentReference } from './workflow-file.ts'

export type Entered =
  | {
      readonly kind: 'entered'
      readonly secrets: Readonly<Record<string, string>>
      readonly vars: Readonly<Record<string, string>>
    }
  | { readonly kind: 'refused'; readonly result: 'failure' | 'cancelled'; readonly reason: string }

/** Lets a job into its environment: its reviewers first, then its secrets and variables. */
export async function enterEnvironment(
  run: RunState,
  instance: WorkflowInstance,
  reference: EnvironmentReference | undefined,
  job: { readonly id: string; readonly contexts: Contexts; readonly cancelled: Promise<void> },
): Promise<Entered> {
  const name = reference === undefined ? '' : resolveText(reference.name, job.contexts)
  if (reference === undefined || name === '') return { kind: 'entered', secrets: instance.secrets, vars: run.vars }
  // docs: Deployments and environments: one that does not exist is created, without rules and without secrets.
  const environment = findEnvironment(run.environments, name) ?? {}
  const deployment = resolve(reference.deployment, job.contexts) === true
  if (!deployment && environment.customProtectionRule === true) {
    return { kind: 'refused', result: 'failure', reason: `The environment ${name} has a custom protection rule, which needs a deployment` }
  }
  const answer = await Promise.race([environment.approve?.(job.id) ?? true, job.cancelled.then(() => 'cancelled' as const)])
  if (answer === 'cancelled') return { kind: 'refused', result: 'cancelled', reason: 'The operation was canceled.' }
  if (!answer) return { kind: 'refused', result: 'failure', reason: `The deployment to ${name} was rejected` }
  if (deployment) {
    if (run.onDeployment === undefined) {
      throw unsupported(`environment: ${name} without "deployment: false" (pass onDeployment to make the deployment)`)
    }
    run.onDeployment({ environment: name, job: job.id })
  }
  return {
    kind: 'entered',
    secrets: withEnvironmentSecrets(instance, environment.secrets ?? {}),
    vars: { ...run.vars, ...environment.vars },
  }
}

function findEnvironment(environments: Readonly<Record<string, EnvironmentDefinition>>, name: string) {
  return Object.entries(environments).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

/**
 * In a called workflow the environment overrides the secrets that the caller passed and adds none (as reported in
 * actions/runner issues 4453, 1490 and 3379); with `secrets: inherit`, and in the run's own file, it adds them.
 */
function withEnvironmentSecrets(instance: WorkflowInstance, secrets: Readonly<Record<string, string>>) {
  if (instance.environmentSecrets === 'all') return { ...instance.secrets, ...secrets }
  const upper = new Map(Object.entries(secrets).map(([name, value]) => [name.toUpperCase(), value]))
  return Object.fromEntries(
    Object.entries(instance.secrets).map(([name, value]) => [name, upper.get(name.toUpperCase()) ?? value]),
  )
}
