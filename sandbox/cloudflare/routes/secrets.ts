import { z } from 'zod'
import { bindingNotFound, latestNotDeployedForSecret, latestNotDeployedForSettings } from '../errors.ts'
import { bodyOf, ok, type Call, type Route } from '../route.ts'
import { secretsOf } from '../secret-values.ts'
import { deploySecrets, newestVersion, type SecretChanges } from '../secrets.ts'
import { scriptNamed } from '../state.ts'
import { secretsView, secretView } from '../view.ts'

const secrets = '/accounts/:account/workers/scripts/:script/secrets'

const secret = z.strictObject({ name: z.string(), text: z.string(), type: z.literal('secret_text') })

export const secretRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: secrets,
    needs: 'workers-scripts:read',
    // The secrets of the newest version (workers-sdk pull request 6081, `wrangler secret list`).
    answer: (call) => ok(secretsView(scriptNamed(call.plane, call.param('script')).versions[0])),
  },
  {
    method: 'PUT',
    path: secrets,
    needs: 'workers-scripts:edit',
    async answer(call) {
      const { name, text } = bodyOf(call, secret)
      await edit(call, { [name]: text }, latestNotDeployedForSecret)
      return ok(secretView({ name, type: 'secret_text' }))
    },
  },
  {
    method: 'GET',
    path: `${secrets}/:name`,
    needs: 'workers-scripts:read',
    query: ['url_encoded'],
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      const found = secretsOf(newestVersion(script)).find((one) => one.name === call.param('name'))
      if (found === undefined) throw bindingNotFound(call.param('name'))
      return ok(secretView(found))
    },
  },
  {
    method: 'DELETE',
    path: `${secrets}/:name`,
    needs: 'workers-scripts:edit',
    query: ['url_encoded'],
    async answer(call) {
      await edit(call, { [call.param('name')]: null }, latestNotDeployedForSecret)
      return ok(null)
    },
  },
  {
    method: 'PATCH',
    path: '/accounts/:account/workers/scripts/:script/secrets-bulk',
    needs: 'workers-scripts:edit',
    async answer(call) {
      const body = bodyOf(call, z.strictObject({ secrets: z.record(z.string(), secret.nullable()) }))
      const changes = Object.entries(body.secrets).map(([name, one]) => [name, one?.text ?? null] as const)
      const version = await edit(call, Object.fromEntries(changes), latestNotDeployedForSettings)
      return ok(secretsView(version))
    },
  },
]

function edit(call: Call, changes: SecretChanges, refusal: typeof latestNotDeployedForSecret) {
  const script = scriptNamed(call.plane, call.param('script'))
  return deploySecrets(call.plane, script, { changes, author: call.author, refusal })
}
