import { z } from 'zod'

// Docs "Slack Web API": the methods and fields that the sandbox plays, and nothing beside them.

const warning = {
  warning: z.literal('missing_charset').optional(),
  response_metadata: z.strictObject({ warnings: z.array(z.string()) }).optional(),
}

/** Docs "auth.test method", the answer to a bot's token. */
export const authTestShape = z.strictObject({
  ok: z.literal(true),
  url: z.url(),
  team: z.string(),
  user: z.string(),
  team_id: z.string(),
  user_id: z.string(),
  bot_id: z.string(),
  is_enterprise_install: z.boolean(),
  ...warning,
})

/** Docs "apps.connections.open method". */
export const connectionsOpenShape = z.strictObject({ ok: z.literal(true), url: z.url(), ...warning })

const plainText = z.strictObject({ type: z.literal('plain_text'), text: z.string(), emoji: z.boolean().optional() })
const markdownText = z.strictObject({ type: z.literal('mrkdwn'), text: z.string(), verbatim: z.boolean().optional() })
const text = z.discriminatedUnion('type', [plainText, markdownText])

/** Docs "Block Kit", reference of blocks: the four that a report is made of. */
export const blockShape = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plainText, block_id: z.string().optional() }),
  z.strictObject({
    type: z.literal('section'),
    text: text.optional(),
    fields: z.array(text).optional(),
    block_id: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('context'), elements: z.array(text), block_id: z.string().optional() }),
  z.strictObject({ type: z.literal('divider'), block_id: z.string().optional() }),
])

export type Block = z.infer<typeof blockShape>

const messageFields = {
  type: z.literal('message'),
  user: z.string(),
  bot_id: z.string(),
  app_id: z.string(),
  team: z.string(),
  text: z.string(),
  blocks: z.array(blockShape).optional(),
}

/** Docs "chat.postMessage method". */
export const postMessageShape = z.strictObject({
  ok: z.literal(true),
  channel: z.string(),
  ts: z.string(),
  message: z.strictObject({ ...messageFields, ts: z.string(), thread_ts: z.string().optional() }),
  ...warning,
})

/** Docs "chat.update method". */
export const updateShape = z.strictObject({
  ok: z.literal(true),
  channel: z.string(),
  ts: z.string(),
  text: z.string(),
  message: z.strictObject({ ...messageFields, edited: z.strictObject({ user: z.string(), ts: z.string() }) }),
  ...warning,
})

/** Docs "Using the Slack Web API", section "Evaluating responses"; `needed` and `provided` tell of scopes. */
export const refusalShape = z.strictObject({
  ok: z.literal(false),
  error: z.string(),
  needed: z.string().optional(),
  provided: z.string().optional(),
  response_metadata: z.strictObject({ messages: z.array(z.string()) }).optional(),
})

/** A token in the body is allowed by Slack, and refused here: it belongs into the header. */
export const noParams = z.strictObject({})

const textParams = { text: z.string().optional(), blocks: z.array(blockShape).optional() }

export const postMessageParams = z.strictObject({
  channel: z.string(),
  ...textParams,
  thread_ts: z.string().optional(),
  mrkdwn: z.boolean().optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
})

export const updateParams = z.strictObject({ channel: z.string(), ts: z.string(), ...textParams })
