import type { z } from 'zod'
import type { Answer, IncomingRequest } from '../../world.ts'
import { ChatGap, contentType, decoded, jsonBody, judged, refuseUnknownQuery, type Given, type Judge } from '../judge.ts'
import { missingScope, rateLimited, refused } from './errors.ts'
import { postedView, postMessage, updatedView, updateMessage } from './messages.ts'
import * as shapes from './shapes.ts'
import type { Workspace } from './state.ts'

export const apiPath = '/api'

interface Method {
  /** Docs "Tokens": whose token the method takes. */
  readonly token: 'bot' | 'app'
  readonly scope?: string
  answer(workspace: Workspace, asked: unknown): { readonly body: Readonly<Record<string, unknown>>; readonly shape: z.ZodType }
}

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['auth.test', { token: 'bot', answer: authTest }],
  ['apps.connections.open', { token: 'app', answer: openConnection }],
  ['chat.postMessage', { token: 'bot', scope: 'chat:write', answer: post }],
  ['chat.update', { token: 'bot', scope: 'chat:write', answer: update }],
])

/** Docs "auth.test method". */
function authTest(workspace: Workspace, asked: unknown) {
  decoded('the parameters', shapes.noParams, asked)
  const { teamId, userId, botId } = workspace
  const who = { url: 'https://harbour.slack.com/', team: 'Harbour', user: 'harbour', team_id: teamId, user_id: userId }
  return { body: { ok: true, ...who, bot_id: botId, is_enterprise_install: false }, shape: shapes.authTestShape }
}

/** Docs "apps.connections.open method": a URL for one connection. */
function openConnection(workspace: Workspace, asked: unknown) {
  decoded('the parameters', shapes.noParams, asked)
  const url = `${workspace.socketUrl}?ticket=${workspace.world.uuid()}&app_id=${workspace.appId}`
  return { body: { ok: true, url }, shape: shapes.connectionsOpenShape }
}

function post(workspace: Workspace, asked: unknown) {
  const message = postMessage(workspace, decoded('the parameters', shapes.postMessageParams, asked))
  return { body: postedView(workspace, message), shape: shapes.postMessageShape }
}

function update(workspace: Workspace, asked: unknown) {
  const message = updateMessage(workspace, decoded('the parameters', shapes.updateParams, asked))
  return { body: updatedView(workspace, message), shape: shapes.updateShape }
}

export function answer(workspace: Workspace, request: IncomingRequest): Promise<Answer> {
  const judge: Judge = {
    world: workspace.world,
    name: 'Slack',
    refusal: shapes.refusalShape,
    brokenBody: (sentence) => ({ ok: false, error: 'fatal_error', response_metadata: { messages: [sentence] } }),
  }
  return judged(judge, request, () => answered(workspace, request))
}

function answered(workspace: Workspace, request: IncomingRequest): Given {
  const name = request.path.startsWith(`${apiPath}/`) ? request.path.slice(apiPath.length + 1) : ''
  const method = methods.get(name)
  if (method === undefined) throw new ChatGap('the sandbox has no such method')
  if (request.method !== 'POST') throw new ChatGap('the docs name POST alone')
  refuseUnknownQuery(request, [])
  const token = tokenOf(request)
  const limit = workspace.limits.take(request)
  if (limit !== undefined) throw rateLimited(limit.retryAfterSeconds ?? 1)
  authenticate(workspace, token, method)
  const asked = parametersOf(request)
  const { body, shape } = method.answer(workspace, asked)
  return { answer: { status: 200, body: { ...body, ...charsetWarning(request) } }, shape }
}

/** Docs "Using the Slack Web API": the token belongs into the Authorization header. */
function tokenOf({ headers }: IncomingRequest): string {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) throw new ChatGap('the request has no bearer token')
  return token
}

function authenticate(workspace: Workspace, token: string, method: Method): void {
  const { botToken, appToken, authError, appTokenRevoked, scopes } = workspace
  if (token !== botToken && token !== appToken) throw refused('invalid_auth')
  if (token === botToken && authError !== undefined) throw refused(authError)
  if (token === appToken && appTokenRevoked) throw refused('invalid_auth')
  // Slack answers auth.test for an app's token too; with what, no page of the docs says.
  if (token === appToken && method.scope === undefined && method.token === 'bot') {
    throw new ChatGap('the sandbox plays auth.test for the token of a bot alone')
  }
  if (token !== (method.token === 'bot' ? botToken : appToken)) throw refused('not_allowed_token_type')
  if (method.scope !== undefined && !scopes.includes(method.scope)) throw missingScope(method.scope, scopes)
}

/** Docs "Using the Slack Web API", section "POST bodies": a form, whose values may be JSON, or JSON. */
function parametersOf(request: IncomingRequest): unknown {
  if (request.body.length === 0) return {}
  switch (contentType(request)) {
    case 'application/json':
      return jsonBody(request)
    case 'application/x-www-form-urlencoded':
      return formFields(request.body.toString('utf8'))
  }
  throw new ChatGap(`the sandbox reads no body of type "${contentType(request)}"`)
}

const jsonFields = ['blocks', 'mrkdwn', 'unfurl_links', 'unfurl_media']

function formFields(body: string): Readonly<Record<string, unknown>> {
  const entries = [...new URLSearchParams(body)].map(([name, value]): [string, unknown] => {
    if (!jsonFields.includes(name)) return [name, value]
    try {
      return [name, JSON.parse(value)]
    } catch {
      throw new ChatGap(`${name} is not JSON`)
    }
  })
  return Object.fromEntries(entries)
}

/** The same page: JSON without a charset is taken, with a warning. */
function charsetWarning({ headers, body }: IncomingRequest): Readonly<Record<string, unknown>> {
  const type = headers['content-type'] ?? ''
  if (body.length === 0 || !type.startsWith('application/json') || /charset=/i.test(type)) return {}
  return { warning: 'missing_charset', response_metadata: { warnings: ['missing_charset'] } }
}
