import { z } from 'zod'
import type { Answer, IncomingRequest } from '../../world.ts'
import { ChatGap, contentType, decoded, jsonBody, judged, refuseUnknownQuery, type Given, type Judge } from '../judge.ts'
import { notFound, tooManyRequests, unauthorized } from './errors.ts'
import { editMessage, messageView, sendMessage } from './messages.ts'
import * as shapes from './shapes.ts'
import type { Bot } from './state.ts'
import { setWebhook, webhookInfo } from './webhook.ts'

interface Method {
  answer(bot: Bot, asked: unknown): Given
}

function method<T>(params: z.ZodType<T>, result: z.ZodType, act: (bot: Bot, asked: T) => unknown): Method {
  return {
    answer(bot, asked) {
      const given = act(bot, decoded('the parameters', params, asked))
      return { answer: { status: 200, body: { ok: true, result: given } }, shape: shapes.success(result) }
    },
  }
}

/** Docs "Telegram Bot API", section "Making requests": names are case-insensitive. */
const methods: ReadonlyMap<string, Method> = new Map([
  ['getme', method(shapes.noParams, shapes.meShape, (bot) => bot.me)],
  ['getwebhookinfo', method(shapes.noParams, shapes.webhookInfoShape, webhookInfo)],
  ['setwebhook', { answer: answerSetWebhook }],
  ['sendmessage', method(shapes.sendMessageParams, shapes.messageShape, (bot, asked) => messageView(bot, sendMessage(bot, asked)))],
  ['editmessagetext', method(shapes.editMessageTextParams, shapes.messageShape, (bot, asked) => messageView(bot, editMessage(bot, asked)))],
])

/** The answer to setWebhook carries a description beside the result. */
function answerSetWebhook(bot: Bot, asked: unknown): Given {
  const description = setWebhook(bot, decoded('the parameters', shapes.setWebhookParams, asked))
  const shape = z.strictObject({ ok: z.literal(true), result: z.literal(true), description: z.string() })
  return { answer: { status: 200, body: { ok: true, result: true, description } }, shape }
}

export function answer(bot: Bot, request: IncomingRequest): Promise<Answer> {
  const judge: Judge = {
    world: bot.world,
    name: 'Telegram',
    refusal: shapes.refusalShape,
    brokenBody: (description) => ({ ok: false, error_code: 500, description }),
  }
  return judged(judge, request, () => answered(bot, request))
}

function answered(bot: Bot, request: IncomingRequest): Given {
  const { token, name } = pathOf(request)
  // A token is `<id>:<secret>` (section "Authorizing your bot"); anything else is no address of the API.
  if (!/^\d+:[\w-]+$/.test(token)) throw notFound()
  if (token !== bot.token || bot.revoked) throw unauthorized()
  const limit = bot.limits.take(request)
  if (limit !== undefined) throw tooManyRequests(limit.retryAfterSeconds ?? 1)
  const found = methods.get(name.toLowerCase())
  if (found === undefined) throw new ChatGap(`the sandbox has no method "${name}"`)
  return found.answer(bot, parametersOf(request))
}

function pathOf(request: IncomingRequest): { readonly token: string; readonly name: string } {
  const [, token, name] = /^\/bot([^/]+)\/([^/]+)$/.exec(request.path) ?? []
  if (token === undefined || name === undefined) throw new ChatGap('the path is not /bot<token>/<method>')
  return { token: decodeURIComponent(token), name }
}

/** Section "Making requests": GET or POST; the query, a form or JSON. Files (multipart) are not played. */
function parametersOf(request: IncomingRequest): unknown {
  if (request.method !== 'GET' && request.method !== 'POST') throw new ChatGap('only GET and POST are supported')
  if (request.body.length === 0) return Object.fromEntries(request.query)
  refuseUnknownQuery(request, [])
  switch (contentType(request)) {
    case 'application/json':
      return jsonBody(request)
    case 'application/x-www-form-urlencoded':
      return Object.fromEntries(new URLSearchParams(request.body.toString('utf8')))
  }
  throw new ChatGap(`the sandbox reads no body of type "${contentType(request)}"`)
}
