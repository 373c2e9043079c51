import { z } from 'zod'

// Docs "Telegram Bot API": the objects and parameters that the sandbox plays, and nothing beside them.

/** Section "User"; the `can_…` and `supports_…` fields are returned by getMe only. */
export const userShape = z.strictObject({
  id: z.int().positive(),
  is_bot: z.boolean(),
  first_name: z.string(),
  username: z.string(),
})

export const meShape = z.strictObject({
  ...userShape.shape,
  is_bot: z.literal(true),
  can_join_groups: z.boolean(),
  can_read_all_group_messages: z.boolean(),
  supports_guest_queries: z.boolean(),
  supports_inline_queries: z.boolean(),
  can_connect_to_business: z.boolean(),
  has_main_web_app: z.boolean(),
  has_topics_enabled: z.boolean(),
  allows_users_to_create_topics: z.boolean(),
  can_manage_bots: z.boolean(),
  supports_join_request_queries: z.boolean(),
})

/** Section "WebhookInfo". `url` is empty when no webhook is set. */
export const webhookInfoShape = z.strictObject({
  url: z.string(),
  has_custom_certificate: z.boolean(),
  pending_update_count: z.int().nonnegative(),
  ip_address: z.string().optional(),
  last_error_date: z.int().optional(),
  last_error_message: z.string().optional(),
  max_connections: z.int().min(1).max(100).optional(),
})

/** Section "Chat". */
export const chatShape = z.discriminatedUnion('type', [
  z.strictObject({ id: z.int(), type: z.literal('private'), first_name: z.string() }),
  z.strictObject({ id: z.int(), type: z.literal('group'), title: z.string() }),
  z.strictObject({ id: z.int(), type: z.literal('supergroup'), title: z.string(), username: z.string().optional() }),
  z.strictObject({ id: z.int(), type: z.literal('channel'), title: z.string(), username: z.string().optional() }),
])

/** Section "MessageEntity"; offset and length count UTF-16 code units. */
export const entityShape = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'blockquote', 'code', 'pre']),
    offset: z.int().nonnegative(),
    length: z.int().positive(),
  }),
  z.strictObject({ type: z.literal('text_link'), offset: z.int(), length: z.int().positive(), url: z.string() }),
])

export type Entity = z.infer<typeof entityShape>

/** Section "Message": a text message of the bot. */
export const messageShape = z.strictObject({
  message_id: z.int().positive(),
  from: userShape.optional(),
  chat: chatShape,
  date: z.int(),
  edit_date: z.int().optional(),
  text: z.string(),
  entities: z.array(entityShape).optional(),
})

/** Section "Making requests". */
export const success = (result: z.ZodType) => z.strictObject({ ok: z.literal(true), result })

/** Sections "Making requests" and "ResponseParameters". */
export const refusalShape = z.strictObject({
  ok: z.literal(false),
  error_code: z.int(),
  description: z.string(),
  parameters: z.strictObject({ retry_after: z.int().positive() }).optional(),
})

export const noParams = z.strictObject({})

/** Section "setWebhook". A certificate is a file, which the sandbox does not take. */
export const setWebhookParams = z.strictObject({
  url: z.string(),
  secret_token: z.string().optional(),
  max_connections: z.int().min(1).max(100).optional(),
  allowed_updates: z.array(z.string()).optional(),
  drop_pending_updates: z.boolean().optional(),
})

const textParams = {
  chat_id: z.union([z.int(), z.string()]),
  text: z.string(),
  parse_mode: z.literal('HTML').optional(),
  link_preview_options: z.strictObject({ is_disabled: z.boolean().optional() }).optional(),
}

/** Section "sendMessage". Of the parse modes the sandbox reads HTML alone. */
export const sendMessageParams = z.strictObject({
  ...textParams,
  disable_notification: z.boolean().optional(),
  protect_content: z.boolean().optional(),
})

/** Section "editMessageText". */
export const editMessageTextParams = z.strictObject({ ...textParams, message_id: z.int() })
