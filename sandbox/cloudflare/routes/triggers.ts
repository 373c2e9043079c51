import { z } from 'zod'
import { bodyOf, ok, type Route } from '../route.ts'
import { hexId, scriptNamed } from '../state.ts'
import { bindingsView, serviceScriptView } from '../view.ts'

// What is not versioned and routes requests to a script: `wrangler triggers deploy` sets it (4.164.0).

const scripts = '/accounts/:account/workers/scripts/:script'
const environment = '/accounts/:account/workers/services/:script/environments/production'

const subdomainBody = z.strictObject({ enabled: z.boolean(), previews_enabled: z.boolean().optional() })
const routeBody = z.array(z.looseObject({ pattern: z.string() }))
const origins = z.array(z.looseObject({ hostname: z.string() }))
const schedulesBody = z.array(z.strictObject({ cron: z.string() }))

export const triggerRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/accounts/:account/workers/subdomain',
    needs: 'workers-scripts:read',
    answer: (call) => ok({ subdomain: call.plane.account.workersDevSubdomain }),
  },
  {
    method: 'GET',
    path: `${scripts}/subdomain`,
    needs: 'workers-scripts:read',
    answer: (call) => ok(scriptNamed(call.plane, call.param('script')).subdomain),
  },
  {
    method: 'POST',
    path: `${scripts}/subdomain`,
    needs: 'workers-scripts:edit',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      const sent = bodyOf(call, subdomainBody)
      script.subdomain = { enabled: sent.enabled, previews_enabled: sent.previews_enabled ?? sent.enabled }
      return ok(script.subdomain)
    },
  },
  {
    method: 'GET',
    path: `${scripts}/schedules`,
    needs: 'workers-scripts:read',
    answer: (call) => ok({ schedules: scriptNamed(call.plane, call.param('script')).schedules }),
  },
  {
    method: 'PUT',
    path: `${scripts}/schedules`,
    needs: 'workers-scripts:edit',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      script.schedules = bodyOf(call, schedulesBody)
      return ok({ schedules: script.schedules })
    },
  },
  {
    method: 'PUT',
    path: `${scripts}/routes`,
    needs: 'workers-routes:edit',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      script.routes = bodyOf(call, routeBody).map((route) => ({ ...route, id: hexId(call.plane.world) }))
      return ok(script.routes)
    },
  },
  {
    // wrangler 4.164.0 (`publishRoutes`) looks for routes that other Workers hold.
    method: 'GET',
    path: '/zones/:zone/workers/routes',
    needs: 'workers-routes:edit',
    answer(call) {
      const all = [...call.plane.account.scripts.values()].flatMap((script) =>
        script.routes.map((route) => ({ ...route, script: script.name })),
      )
      return ok(all.filter((route) => 'zone_id' in route && route.zone_id === call.param('zone')))
    },
  },
  {
    method: 'POST',
    path: `${scripts}/domains/changeset`,
    needs: 'workers-scripts:edit',
    query: ['replace_state'],
    answer(call) {
      const known = scriptNamed(call.plane, call.param('script')).domains
      const sent = bodyOf(call, origins)
      const added = sent.filter((origin) => !known.some((domain) => domain.hostname === origin.hostname))
      const removed = known.filter((domain) => !sent.some((origin) => origin.hostname === domain.hostname))
      return ok({ added, removed, updated: [], conflicting: [] })
    },
  },
  {
    method: 'PUT',
    path: `${scripts}/domains/records`,
    needs: 'workers-scripts:edit',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      const body = bodyOf(
        call,
        z.strictObject({
          origins,
          override_scope: z.boolean().optional(),
          override_existing_origin: z.boolean().optional(),
          override_existing_dns_record: z.boolean().optional(),
        }),
      )
      script.domains = body.origins.map((origin) => ({ ...origin, id: hexId(call.plane.world), service: script.name }))
      return ok(script.domains)
    },
  },
  // After a change in the dashboard, wrangler 4.164.0 downloads the remote configuration (`fetchWorkerConfig`).
  {
    method: 'GET',
    path: environment,
    needs: 'workers-scripts:read',
    answer(call) {
      const script = scriptNamed(call.plane, call.param('script'))
      return ok({ environment: 'production', script: serviceScriptView(script) })
    },
  },
  {
    method: 'GET',
    path: `${environment}/bindings`,
    needs: 'workers-scripts:read',
    answer(call) {
      const [newest] = scriptNamed(call.plane, call.param('script')).versions
      return ok(newest === undefined ? [] : bindingsView(newest))
    },
  },
  {
    method: 'GET',
    path: `${environment}/subdomain`,
    needs: 'workers-scripts:read',
    answer: (call) => ok(scriptNamed(call.plane, call.param('script')).subdomain),
  },
  {
    method: 'GET',
    path: `${environment}/routes`,
    needs: 'workers-scripts:read',
    query: ['show_zonename'],
    answer: (call) => ok(scriptNamed(call.plane, call.param('script')).routes),
  },
  {
    method: 'GET',
    path: '/accounts/:account/workers/domains/records',
    needs: 'workers-scripts:read',
    query: ['page', 'per_page', 'service', 'environment'],
    answer(call) {
      const service = call.request.query.get('service')
      const all = [...call.plane.account.scripts.values()].filter((script) => service === null || script.name === service)
      return ok(all.flatMap((script) => script.domains))
    },
  },
]
