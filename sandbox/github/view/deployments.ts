import type { Hub } from '../hub.ts'
import type { Deployment, DeploymentStatus, Environment } from '../state.ts'
import type { Actor } from '../tokens.ts'
import { appView, nodeId, stamp, userView, type Schemas } from './identity.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'

const deploymentUrl = (hub: Hub, deployment: Deployment) => `${repositoryUrl(hub)}/deployments/${deployment.id}`

const appOf = (hub: Hub, by: Actor) => (by.app === null ? null : appView(hub, by.app))

export function deploymentView(hub: Hub, deployment: Deployment): Schemas['deployment'] {
  const url = deploymentUrl(hub, deployment)
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: payloadView(hub, deployment),
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    creator: userView(hub, deployment.creator.login),
    created_at: stamp(deployment.createdAt),
    updated_at: stamp(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(hub),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: appOf(hub, deployment.creator),
  }
}

function payloadView(hub: Hub, { payload }: Deployment): { [name: string]: unknown } | string {
  const text = () => (typeof payload === 'string' ? payload : JSON.stringify(payload))
  switch (hub.payloadForm) {
    case 'as-sent':
      return payload
    case 'string':
      return text()
    case 'double-encoded':
      return JSON.stringify(text())
  }
}

export function deploymentStatusView(
  hub: Hub,
  deployment: Deployment,
  status: DeploymentStatus,
): Schemas['deployment-status'] {
  const url = deploymentUrl(hub, deployment)
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: userView(hub, status.creator.login),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: stamp(status.createdAt),
    updated_at: stamp(status.createdAt),
    deployment_url: url,
    repository_url: repositoryUrl(hub),
    performed_via_github_app: appOf(hub, status.creator),
  }
}

export function environmentView(hub: Hub, environment: Environment): Schemas['environment'] {
  const page = `${repositoryPage(hub)}/deployments/activity_log?environments_filter=${encodeURIComponent(environment.name)}`
  const rule = (type: string) => ({ id: environment.id, node_id: nodeId('Gate', `${environment.id} ${type}`), type })
  const reviewers = environment.reviewers.map((login) => ({ type: 'User' as const, reviewer: userView(hub, login) }))
  return {
    id: environment.id,
    node_id: nodeId('Environment', environment.id),
    name: environment.name,
    url: `${repositoryUrl(hub)}/environments/${encodeURIComponent(environment.name)}`,
    html_url: page,
    created_at: stamp(environment.createdAt),
    updated_at: stamp(environment.createdAt),
    protection_rules: [
      ...(environment.waitMinutes === 0 ? [] : [{ ...rule('wait_timer'), wait_timer: environment.waitMinutes }]),
      ...(reviewers.length === 0 ? [] : [{ ...rule('required_reviewers'), prevent_self_review: false, reviewers }]),
    ],
    deployment_branch_policy: null,
  }
}
