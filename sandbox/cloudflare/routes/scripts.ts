import { z } from 'zod'
import { manifestSchema } from '../assets.ts'
import { scriptNamed, type Plane } from '../state.ts'
import { bodyOf, ok, type Route } from '../route.ts'
import { bindingsView, serviceScriptView, serviceView, workerView } from '../view.ts'

const scripts = '/accounts/:account/workers/scripts/:script'
const services = '/accounts/:account/workers/services/:script'

/** API reference "Script settings": never versioned. */
const settingsPatch = z.strictObject({
  logpush: z.boolean().optional(),
  observability: z.unknown().optional(),
  tail_consumers: z.array(z.unknown()).nullable().optional(),
  streaming_tail_consumers: z.array(z.unknown()).nullable().optional(),
  tags: z.array(z.string()).nullable().optional(),
})

export const scriptRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/accounts/:account/workers/scripts',
    needs: 'workers-scripts:read',
    answer: (call) => ok([...call.plane.account.scripts.values()].map(serviceScriptView)),
  },
  {
    method: 'DELETE',
    path: scripts,
    needs: 'workers-scripts:edit',
    query: ['force'],
    async answer(call) {
      await removeScript(call.plane, call.param('script'))
      return ok(null)
    },
  },
  {
    method: 'DELETE',
    path: services,
    needs: 'workers-scripts:edit',
    query: ['force'],
    async answer(call) {
      await removeScript(call.plane, call.param('script'))
      return ok(null)
    },
  },
  {
    method: 'GET',
    path: services,
    needs: 'workers-scripts:read',
    answer: (call) => ok(serviceView(scriptNamed(call.plane, call.param('script')))),
  },
  {
    method: 'GET',
    path: '/accounts/:account/workers/workers/:script',
    needs: 'workers-scripts:read',
    answer: (call) => ok(workerView(call.plane, scriptNamed(call.plane, call.param('script')))),
  },
  {
    method: 'GET',
    path: `${scripts}/settings`,
    needs: 'workers-scripts:read',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      const [newest] = script.versions
      return ok({
        ...script.settings,
        bindings: newest === undefined ? [] : bindingsView(newest),
        compatibility_date: newest?.compatibilityDate,
        compatibility_flags: newest?.compatibilityFlags,
        migration_tag: script.migrationTag,
        usage_model: 'standard',
      })
    },
  },
  {
    method: 'GET',
    path: `${scripts}/script-settings`,
    needs: 'workers-scripts:read',
    answer: (call) => ok(scriptNamed(call.plane, call.param('script')).settings),
  },
  {
    method: 'PATCH',
    path: `${scripts}/script-settings`,
    needs: 'workers-scripts:edit',
    answer(call) {
      const { settings } = scriptNamed(call.plane, call.param('script'))
      const patch = bodyOf(call, settingsPatch)
      settings.logpush = patch.logpush ?? settings.logpush
      settings.observability = patch.observability ?? settings.observability
      settings.tail_consumers = changed(patch.tail_consumers, settings.tail_consumers)
      settings.streaming_tail_consumers = changed(patch.streaming_tail_consumers, settings.streaming_tail_consumers)
      settings.tags = changed(patch.tags, settings.tags)
      return ok(settings)
    },
  },
  {
    method: 'POST',
    path: `${scripts}/assets-upload-session`,
    needs: 'workers-scripts:edit',
    answer(call) {
      const { manifest } = bodyOf(call, z.strictObject({ manifest: manifestSchema }))
      return ok(call.assets.open(call.param('script'), manifest))
    },
  },
  {
    method: 'POST',
    path: '/accounts/:account/workers/assets/upload',
    needs: 'asset-session',
    query: ['base64'],
    async answer(call) {
      const received = await call.assets.receive(call.request)
      // Docs "Static assets, direct upload": 201 with the completion token after the last file, else 202.
      return ok(received, { status: received.jwt === undefined ? 202 : 201 })
    },
  },
]

function changed<T>(sent: readonly T[] | null | undefined, kept: readonly T[]): readonly T[] {
  return sent === undefined ? kept : (sent ?? [])
}

async function removeScript(plane: Plane, name: string): Promise<void> {
  const script = scriptNamed(plane, name)
  plane.account.scripts.delete(script.name)
  await plane.edge.remove(script.name)
}
