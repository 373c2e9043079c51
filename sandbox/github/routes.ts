import type { Answer, IncomingRequest } from '../world.ts'
import type { Contract, Matched } from './contract.ts'
import { notFound, Refusal, userAgentMissing } from './errors.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Call, Route, Routes } from './route.ts'
import { checkRoutes } from './routes/checks.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { repositoryRoutes } from './routes/repository.ts'
import { runRoutes } from './routes/runs.ts'
import type { Hub } from './hub.ts'
import { accepted, demand, type Token, type Tokens } from './tokens.ts'

const routes: Routes = { ...runRoutes, ...checkRoutes, ...deploymentRoutes, ...repositoryRoutes }

export interface RestApi {
  readonly hub: Hub
  readonly tokens: Tokens
  readonly rateLimit: RateLimit
  readonly contract: Contract
}

/**
 * Answers one request. GitHub's OpenAPI judges it first and the answer last; what breaks it is a
 * sentence in `world.violations`, and a request that breaks it is answered 500.
 */
export function answer(api: RestApi, request: IncomingRequest): Answer {
  const matched = api.contract.match(request)
  const route = matched === undefined ? undefined : routes[matched.operationId]
  if (matched === undefined || route === undefined) return broken(api, request, ['the sandbox has no such operation'])
  const problems = api.contract.requestProblems(request, matched)
  if (problems.length > 0) return broken(api, request, problems)
  const given = refusedOr(() => allowed(api, request, { matched, route }))
  for (const problem of api.contract.answerProblems(matched, given)) {
    api.hub.world.violations.push(`GitHub sandbox, ${nameOf(request)} answered ${given.status}: ${problem}`)
  }
  return withHeaders(api, given)
}

function broken(api: RestApi, request: IncomingRequest, problems: readonly string[]): Answer {
  const sentences = problems.map((problem) => `GitHub sandbox, ${nameOf(request)}: ${problem}`)
  api.hub.world.violations.push(...sentences)
  return { status: 500, body: { message: `This request breaks GitHub's published contract. ${sentences.join(' ')}` } }
}

const nameOf = (request: IncomingRequest) => `${request.method} ${request.path}`

function refusedOr(act: () => Answer): Answer {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}

interface Found {
  readonly matched: Matched
  readonly route: Route
}

function allowed(api: RestApi, request: IncomingRequest, found: Found): Answer {
  const { visibility } = api.hub.repository
  if (request.headers['user-agent'] === undefined) throw userAgentMissing()
  const by = api.tokens.of(request, visibility)
  // Asking for the budget costs none (docs "Get rate limit status").
  if (found.matched.operationId !== 'rate-limit/get') api.rateLimit.spend(request)
  refuseOtherRepository(api.hub, found.matched)
  const call = callOf(api, request, { by, params: found.matched.params })
  const needs = typeof found.route.needs === 'function' ? found.route.needs(call) : found.route.needs
  demand(by, needs, visibility)
  const given = found.route.answer(call)
  return { ...given, headers: { 'x-accepted-github-permissions': accepted(needs), ...given.headers } }
}

function refuseOtherRepository(hub: Hub, { params }: Matched): void {
  if (params.owner === undefined) return
  const asked = `${params.owner}/${params.repo}`
  if (asked.toLowerCase() !== hub.repository.fullName.toLowerCase()) throw notFound()
}

interface Given {
  readonly by: Token
  readonly params: Matched['params']
}

function callOf(api: RestApi, request: IncomingRequest, given: Given): Call {
  const param = (name: string): string => {
    const value = given.params[name]
    if (value === undefined) throw new Error(`the path has no parameter ${name}`)
    return value
  }
  return {
    hub: api.hub,
    rateLimit: api.rateLimit,
    request,
    by: given.by,
    param,
    id: (name) => Number(param(name)),
    query: (name) => request.query.get(name),
    body: (schema) => schema.parse(JSON.parse(request.body.toString('utf8'))),
  }
}

function withHeaders(api: RestApi, given: Answer): Answer {
  const requestId = api.hub.world.uuid().toUpperCase().replaceAll('-', ':')
  return { ...given, headers: { ...api.rateLimit.headers(), 'x-github-request-id': requestId, ...given.headers } }
}
