import type { z } from 'zod'
import type { Answer, IncomingRequest } from '../../world.ts'
import { ChatGap, contentType, decoded, jsonBody, judged, Refusal, refuseUnknownQuery, type Given, type Judge } from '../judge.ts'
import { invalidWebhookToken, missingAccess, unauthorized, unknownChannel, unknownWebhook } from './errors.ts'
import { editMessage, messageView, ownMessage, postMessage } from './messages.ts'
import * as shapes from './shapes.ts'
import type { Application, Webhook } from './state.ts'
import { applicationView, currentUserView, gatewayBotView } from './view.ts'

/** Docs "API Reference", section "API Versioning": 10 and 9 are available; the sandbox plays 10. */
export const apiPath = '/api/v10'

interface Call {
  readonly application: Application
  readonly request: IncomingRequest
  param(name: string): string
}

interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly needs: 'bot' | 'nothing'
  readonly query?: readonly string[]
  answer(call: Call): Given
}

const ok = (shape: z.ZodType, body: unknown): Given => ({ answer: { status: 200, body }, shape })

function bodyOf<T>({ request }: Call, schema: z.ZodType<T>): T {
  // Docs "API Reference", section "Content Type". Forms and uploads are not played.
  const type = contentType(request)
  if (type !== 'application/json') throw new ChatGap(`the sandbox reads no body of type "${type}"`)
  return decoded('the body', schema, jsonBody(request))
}

const routes: readonly Route[] = [
  {
    // Docs "Get Current User".
    method: 'GET',
    path: '/users/@me',
    needs: 'bot',
    answer: ({ application }) => ok(shapes.currentUserShape, currentUserView(application)),
  },
  {
    // Docs "Get Current Application".
    method: 'GET',
    path: '/applications/@me',
    needs: 'bot',
    answer: ({ application }) => ok(shapes.applicationShape, applicationView(application)),
  },
  {
    // Docs "Get Gateway": needs no authentication.
    method: 'GET',
    path: '/gateway',
    needs: 'nothing',
    answer: ({ application }) => ok(shapes.gatewayShape, { url: application.gatewayUrl }),
  },
  {
    // Docs "Get Gateway Bot".
    method: 'GET',
    path: '/gateway/bot',
    needs: 'bot',
    answer: ({ application }) => ok(shapes.gatewayBotShape, gatewayBotView(application)),
  },
  { method: 'POST', path: '/channels/:channel/messages', needs: 'bot', answer: createMessage },
  { method: 'PATCH', path: '/channels/:channel/messages/:message', needs: 'bot', answer: changeMessage },
  { method: 'POST', path: '/webhooks/:webhook/:token', needs: 'nothing', query: ['wait'], answer: executeWebhook },
  { method: 'PATCH', path: '/webhooks/:webhook/:token/messages/:message', needs: 'nothing', answer: changeWebhookMessage },
]

/** Docs "Create Message". */
function createMessage(call: Call): Given {
  const asked = bodyOf(call, shapes.createMessageParams)
  const message = postMessage(call.application, asked, { channelId: channelOf(call) })
  return ok(shapes.messageShape, messageView(call.application, message))
}

/** Docs "Edit Message". */
function changeMessage(call: Call): Given {
  const asked = bodyOf(call, shapes.editMessageParams)
  const message = ownMessage(call.application, call.param('message'), { channelId: channelOf(call) })
  editMessage(call.application, message, asked)
  return ok(shapes.messageShape, messageView(call.application, message))
}

function channelOf(call: Call): string {
  const { application } = call
  const id = call.param('channel')
  if (application.closedChannels.has(id)) throw missingAccess()
  if (!application.channels.has(id)) throw unknownChannel()
  return id
}

/** Docs "Execute Webhook": a message with `wait`, else 204. */
function executeWebhook(call: Call): Given {
  const { channelId, id: webhookId } = webhookOf(call)
  const { username, ...asked } = bodyOf(call, shapes.executeWebhookParams)
  const message = postMessage(call.application, asked, { channelId, webhookId, username })
  const wait = call.request.query.get('wait') ?? 'false'
  // Docs "API Reference", section "Boolean Query Strings".
  if (['False', 'false', '0'].includes(wait)) return { answer: { status: 204 }, shape: shapes.nothing }
  if (!['True', 'true', '1'].includes(wait)) throw new ChatGap(`"wait" is a boolean, not "${wait}"`)
  return ok(shapes.messageShape, messageView(call.application, message))
}

/** Docs "Edit Webhook Message". */
function changeWebhookMessage(call: Call): Given {
  const { channelId, id: webhookId } = webhookOf(call)
  const asked = bodyOf(call, shapes.editWebhookMessageParams)
  const message = ownMessage(call.application, call.param('message'), { channelId, webhookId })
  editMessage(call.application, message, asked)
  return ok(shapes.messageShape, messageView(call.application, message))
}

function webhookOf(call: Call): Webhook {
  const { webhook, webhookDeleted } = call.application
  if (webhookDeleted || call.param('webhook') !== webhook.id) throw unknownWebhook()
  if (call.param('token') !== webhook.token) throw invalidWebhookToken()
  return webhook
}

export function answer(application: Application, request: IncomingRequest): Promise<Answer> {
  const judge: Judge = {
    world: application.world,
    name: 'Discord',
    refusal: shapes.refusalShape,
    brokenBody: (message) => ({ message, code: 0 }),
  }
  return judged(judge, request, () => answered(application, request))
}

function answered(application: Application, request: IncomingRequest): Given {
  const { route, params } = find(request)
  refuseUnknownQuery(request, route.query ?? [])
  refuseUserAgent(request)
  const major = params['channel'] ?? params['webhook'] ?? ''
  const headers = application.rateLimit.spend(request, `${route.method} ${route.path} of ${major}`)
  const param = (name: string): string => {
    const value = params[name]
    if (value === undefined) throw new Error(`the route ${route.path} has no :${name}`)
    return value
  }
  try {
    if (route.needs === 'bot') authenticate(application, request)
    const { answer: given, shape } = route.answer({ application, request, param })
    return { answer: withHeaders(given, headers), shape }
  } catch (error) {
    // Discord's OpenAPI: a client error carries the bucket's headers as well.
    throw error instanceof Refusal ? new Refusal(withHeaders(error.answer, headers)) : error
  }
}

const withHeaders = (given: Answer, headers: Readonly<Record<string, string>>): Answer => ({
  ...given,
  headers: { ...headers, ...given.headers },
})

function find(request: IncomingRequest): { readonly route: Route; readonly params: Readonly<Record<string, string>> } {
  for (const route of routes) {
    const pattern = `${apiPath}${route.path}`.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')
    const match = new RegExp(`^${pattern}$`).exec(decodeURIComponent(request.path))
    if (match !== null && route.method === request.method) return { route, params: { ...match.groups } }
  }
  throw new ChatGap('the sandbox has no such route')
}

/** Docs "API Reference", section "User Agent": `DiscordBot ($url, $versionNumber)` is a must. */
function refuseUserAgent({ headers }: IncomingRequest): void {
  if (/^DiscordBot \([^,()]+, [^,()]+\)/.test(headers['user-agent'] ?? '')) return
  throw new ChatGap(`the User-Agent is not "DiscordBot ($url, $versionNumber)" but "${headers['user-agent'] ?? ''}"`)
}

/** Docs "API Reference", section "Authentication": `Authorization: Bot TOKEN`. */
function authenticate(application: Application, { headers }: IncomingRequest): void {
  if (headers.authorization === undefined) throw new ChatGap('the request has no token')
  if (application.revoked || headers.authorization !== `Bot ${application.token}`) throw unauthorized()
}
