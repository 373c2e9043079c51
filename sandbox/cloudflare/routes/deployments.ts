import { z } from 'zod'
import { deploy } from '../deployments.ts'
import { deploymentIsLive, deploymentNotFound } from '../errors.ts'
import { codeUpdateStrategySchema } from '../metadata.ts'
import { bodyOf, ok, type Call, type Route } from '../route.ts'
import { strategyOf } from '../script-uploads.ts'
import { scriptNamed } from '../state.ts'
import type { Deployment } from '../types.ts'
import { deploymentView } from '../view.ts'

const deployments = '/accounts/:account/workers/scripts/:script/deployments'

/** API reference "Create a deployment"; `workers/triggered_by` is the server's and may not be sent. */
const deploymentBody = z.strictObject({
  strategy: z.literal('percentage'),
  versions: z.array(z.strictObject({ version_id: z.string(), percentage: z.number() })),
  annotations: z.strictObject({ 'workers/message': z.string().optional() }).optional(),
  code_update_strategy: codeUpdateStrategySchema.optional(),
})

export const deploymentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: deployments,
    needs: 'workers-scripts:read',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      return ok({ deployments: script.deployments.map(deploymentView) })
    },
  },
  {
    method: 'POST',
    path: deployments,
    needs: 'workers-scripts:edit',
    query: ['force'],
    async answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      const body = bodyOf(call, deploymentBody)
      const deployment = await deploy(call.plane, script, {
        versions: body.versions.map((share) => ({ versionId: share.version_id, percentage: share.percentage })),
        author: call.author,
        message: body.annotations?.['workers/message'],
        force: call.request.query.get('force') === 'true',
        codeUpdateStrategy: strategyOf(body.code_update_strategy),
      })
      return ok(deploymentView(deployment))
    },
  },
  {
    method: 'GET',
    path: `${deployments}/:deployment`,
    needs: 'workers-scripts:read',
    answer: (call) => ok(deploymentView(deploymentOf(call))),
  },
  {
    method: 'DELETE',
    path: `${deployments}/:deployment`,
    needs: 'workers-scripts:edit',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      const index = script.deployments.indexOf(deploymentOf(call))
      if (index === 0) throw deploymentIsLive()
      script.deployments.splice(index, 1)
      return ok(null)
    },
  },
]

function deploymentOf(call: Call): Deployment {
  const script = scriptNamed(call.plane, call.param('script'))
  const found = script.deployments.find((deployment) => deployment.id === call.param('deployment'))
  if (found === undefined) throw deploymentNotFound(call.param('deployment'))
  return found
}
