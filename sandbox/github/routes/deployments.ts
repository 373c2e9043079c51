import { z } from 'zod'
import { addDeploymentStatus, createDeployment, deleteDeployment } from '../deployments.ts'
import { notFound } from '../errors.ts'
import { listAnswer } from '../pages.ts'
import { created, grant, noContent, ok, type Call, type Routes } from '../route.ts'
import type { Deployment } from '../state.ts'
import { deploymentStatusView, deploymentView, environmentView } from '../view/deployments.ts'

const read = grant('deployments', 'read')
const write = grant('deployments', 'write')

const newDeployment = z.object({
  ref: z.string(),
  task: z.string().optional(),
  auto_merge: z.boolean().optional(),
  required_contexts: z.array(z.string()).optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  environment: z.string().optional(),
  description: z.string().nullish(),
  transient_environment: z.boolean().optional(),
  production_environment: z.boolean().optional(),
})

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']),
  description: z.string().optional(),
  environment: z.string().optional(),
  environment_url: z.string().optional(),
  log_url: z.string().optional(),
  target_url: z.string().optional(),
  auto_inactive: z.boolean().optional(),
})

function deploymentFor(call: Call): Deployment {
  const found = call.hub.repository.deployments.find(({ id }) => id === call.id('deployment_id'))
  if (found === undefined) throw notFound()
  return found
}

/** Newest first; `none` is the docs' default and asks for no filter. */
function listed(call: Call) {
  const wanted = (name: string) => {
    const value = call.query(name)
    return value === null || value === 'none' ? undefined : value
  }
  const fits = (name: string, value: string) => (wanted(name) ?? value) === value
  const all = call.hub.repository.deployments.filter(
    ({ sha, ref, task, environment }) =>
      fits('sha', sha) && fits('ref', ref) && fits('task', task) && fits('environment', environment),
  )
  return listAnswer(call.hub, call.request, all.toReversed(), (one) => deploymentView(call.hub, one))
}

export const deploymentRoutes: Routes = {
  'repos/list-deployments': { needs: read, answer: listed },
  'repos/get-deployment': { needs: read, answer: (call) => ok(deploymentView(call.hub, deploymentFor(call))) },
  'repos/create-deployment': {
    needs: write,
    answer(call) {
      const made = createDeployment(call.hub, call.body(newDeployment), call.by.actor)
      switch (made.kind) {
        case 'deployment':
          return created(deploymentView(call.hub, made.deployment))
        case 'merged':
          return { status: 202, body: { message: made.message } }
      }
    },
  },
  'repos/delete-deployment': {
    needs: write,
    answer(call) {
      deleteDeployment(call.hub, deploymentFor(call))
      return noContent
    },
  },
  'repos/list-deployment-statuses': {
    needs: read,
    answer(call) {
      const deployment = deploymentFor(call)
      const view = (status: Deployment['statuses'][number]) => deploymentStatusView(call.hub, deployment, status)
      return listAnswer(call.hub, call.request, deployment.statuses, view)
    },
  },
  'repos/create-deployment-status': {
    needs: write,
    answer(call) {
      const deployment = deploymentFor(call)
      const status = addDeploymentStatus(call.hub, deployment, call.body(newStatus), call.by.actor)
      return created(deploymentStatusView(call.hub, deployment, status))
    },
  },
  'repos/get-deployment-status': {
    needs: read,
    answer(call) {
      const deployment = deploymentFor(call)
      const status = deployment.statuses.find(({ id }) => id === call.id('status_id'))
      if (status === undefined) throw notFound()
      return ok(deploymentStatusView(call.hub, deployment, status))
    },
  },
  'repos/get-environment': {
    needs: grant('actions', 'read'),
    answer(call) {
      const environment = call.hub.repository.environments.get(call.param('environment_name').toLowerCase())
      if (environment === undefined) throw notFound()
      return ok(environmentView(call.hub, environment))
    },
  },
}
