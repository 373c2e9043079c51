import { z } from 'zod'
import { deployable } from '../deployments.ts'
import { versionNotFound } from '../errors.ts'
import { versionWithId } from '../live.ts'
import { versionAnnotationsSchema } from '../metadata.ts'
import { bodyOf, ok, pageOf, type Call, type Route } from '../route.ts'
import { uploadScript, uploadVersion, type ScriptUpload } from '../script-uploads.ts'
import { deriveVersion, newestVersion } from '../secrets.ts'
import { scriptNamed } from '../state.ts'
import { decodeUpload } from '../uploads.ts'
import { scriptView, uploadedVersionView, versionItem, versionView } from '../view.ts'

const scripts = '/accounts/:account/workers/scripts/:script'

/** Body of `versions secret put|bulk|delete` (wrangler 4.164.0, `patchLatestWorkerVersionWithSecrets`). */
const latestPatch = z.strictObject({
  env: z.record(z.string(), z.strictObject({ type: z.literal('secret_text'), text: z.string() }).nullable()),
  annotations: versionAnnotationsSchema.optional(),
})

export const versionRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: scripts,
    needs: 'workers-scripts:edit',
    query: ['excludeScript', 'bindings_inherit'],
    async answer(call) {
      const { script, version } = await uploadScript(await uploadOf(call))
      return ok(scriptView(script, version))
    },
  },
  {
    method: 'POST',
    path: `${scripts}/versions`,
    needs: 'workers-scripts:edit',
    query: ['bindings_inherit'],
    async answer(call) {
      const version = await uploadVersion(await uploadOf(call))
      return ok(uploadedVersionView(scriptNamed(call.plane, call.param('script')), version))
    },
  },
  {
    method: 'GET',
    path: `${scripts}/versions`,
    needs: 'workers-scripts:read',
    query: ['deployable', 'page', 'per_page'],
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      // API reference "List versions": `deployable` ignores pagination.
      if (call.request.query.get('deployable') === 'true') {
        return ok({ items: deployable(script).map((version) => versionItem(script, version)) })
      }
      const { shown, info } = pageOf(script.versions, call.request.query)
      return ok({ items: shown.map((version) => versionItem(script, version)) }, { info })
    },
  },
  {
    method: 'GET',
    path: `${scripts}/versions/:version`,
    needs: 'workers-scripts:read',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      const version = versionWithId(script, call.param('version'))
      if (version === undefined) throw versionNotFound(call.param('version'))
      return ok(versionView(script, version))
    },
  },
  {
    method: 'PATCH',
    path: '/accounts/:account/workers/workers/:script/versions/latest',
    needs: 'workers-scripts:edit',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      const { env, annotations } = bodyOf(call, latestPatch)
      const changes = Object.entries(env).map(([name, secret]) => [name, secret?.text ?? null] as const)
      const version = deriveVersion(call.plane, script, {
        base: newestVersion(script),
        changes: Object.fromEntries(changes),
        author: call.author,
        tag: annotations?.['workers/tag'],
        message: annotations?.['workers/message'],
      })
      return ok(uploadedVersionView(script, version))
    },
  },
]

async function uploadOf(call: Call): Promise<ScriptUpload> {
  return {
    plane: call.plane,
    assets: call.assets,
    name: call.param('script'),
    upload: await decodeUpload(call.request),
    author: call.author,
    strictInherit: call.request.query.get('bindings_inherit') === 'strict',
  }
}
