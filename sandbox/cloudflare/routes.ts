import type { Answer, IncomingRequest, World } from '../world.ts'
import type { AssetSessions } from './assets.ts'
import { ApiError, noRoute } from './errors.ts'
import { SandboxGap } from './gap.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Call, Route } from './route.ts'
import { analyticsRoutes } from './routes/analytics.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { identityRoutes } from './routes/identity.ts'
import { neighbourRoutes } from './routes/neighbours.ts'
import { scriptRoutes } from './routes/scripts.ts'
import { secretRoutes } from './routes/secrets.ts'
import { storageRoutes } from './routes/storage.ts'
import { telemetryRoutes } from './routes/telemetry.ts'
import { triggerRoutes } from './routes/triggers.ts'
import { versionRoutes } from './routes/versions.ts'
import type { Plane } from './state.ts'
import { demand, type Token, type Tokens } from './tokens.ts'

const prefix = '/client/v4'

const routes: readonly Route[] = [
  ...identityRoutes,
  ...scriptRoutes,
  ...versionRoutes,
  ...deploymentRoutes,
  ...secretRoutes,
  ...triggerRoutes,
  ...storageRoutes,
  ...neighbourRoutes,
  ...telemetryRoutes,
  ...analyticsRoutes,
]

export interface ControlPlane {
  readonly plane: Plane
  readonly tokens: Tokens
  readonly assets: AssetSessions
  readonly rateLimit: RateLimit
}

/** Answers one request, in the API's own envelope whatever happens. */
export async function answer(control: ControlPlane, request: IncomingRequest): Promise<Answer> {
  try {
    control.rateLimit.spend(request)
    const { route, params } = find(control.plane, request)
    refuseUnknownQuery(route, request)
    return await route.answer(callOf(control, { route, params, request }))
  } catch (error) {
    return refusal(control.plane.world, request, error)
  }
}

interface Found {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

function find(plane: Plane, request: IncomingRequest): Found {
  for (const route of routes) {
    const params = route.method === request.method ? match(`${prefix}${route.path}`, request.path) : undefined
    if (params === undefined) continue
    if ('account' in params && params['account'] !== plane.account.id) throw noRoute(request.path)
    return { route, params }
  }
  throw new SandboxGap('the sandbox has no such route')
}

function match(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(value)
    else if (segment !== value) return undefined
  }
  return params
}

function refuseUnknownQuery(route: Route, request: IncomingRequest): void {
  const unknown = [...request.query.keys()].find((name) => route.query?.includes(name) !== true)
  if (unknown !== undefined) throw new SandboxGap(`the sandbox does not know the query parameter "${unknown}"`)
}

function callOf(control: ControlPlane, { route, params, request }: Found & { request: IncomingRequest }): Call {
  const token = authenticated(control.tokens, route, request)
  return {
    plane: control.plane,
    assets: control.assets,
    request,
    token,
    author: { email: token.email, source: sourceOf(request) },
    param(name) {
      const value = params[name]
      if (value === undefined) throw new Error(`the route ${route.path} has no :${name}`)
      return value
    },
  }
}

const sessionToken: Token = {
  id: 'asset-session',
  value: '',
  owner: 'user',
  email: '',
  permissions: [],
  status: 'active',
}

function authenticated(tokens: Tokens, route: Route, request: IncomingRequest): Token {
  // The assets API checks the upload session's own token.
  if (route.needs === 'asset-session') return sessionToken
  const token = tokens.of(request)
  if (route.needs !== 'any-token') demand(token, route.needs)
  return token
}

/** API reference "Versions", `metadata.source`; by which sign Cloudflare tells clients apart is unconfirmed. */
function sourceOf(request: IncomingRequest): string {
  return request.headers['user-agent']?.startsWith('wrangler/') === true ? 'wrangler' : 'api'
}

function refusal(world: World, request: IncomingRequest, error: unknown): Answer {
  if (error instanceof ApiError) {
    const { status, code, message, headers } = error
    return { status, headers, body: { success: false, errors: [{ code, message }], messages: [], result: null } }
  }
  const reason = error instanceof Error ? error.message : String(error)
  const message = `sandbox cloudflare: ${request.method} ${request.path}: ${reason}`
  world.violations.push(message)
  if (!(error instanceof SandboxGap)) console.error(message, error)
  return { status: 500, body: { success: false, errors: [{ code: 500, message }], messages: [], result: null } }
}
