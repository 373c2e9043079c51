import { z } from 'zod'

// Docs "Discord Developer Platform": the objects and parameters that the sandbox plays, and nothing beside them.

/** Docs "API Reference", section "Snowflakes": 64 bits as a string of digits. */
export const snowflake = z.string().regex(/^\d{17,20}$/)

/** Docs "User Object". */
export const userShape = z.strictObject({
  id: snowflake,
  username: z.string(),
  avatar: z.string().nullable(),
  discriminator: z.string(),
  public_flags: z.int(),
  flags: z.int(),
  bot: z.literal(true).optional(),
  global_name: z.string().nullable(),
  primary_guild: z.null().optional(),
})

/** Docs "Get Current User": the user object with what the bot may know of itself. */
export const currentUserShape = z.strictObject({
  ...userShape.shape,
  mfa_enabled: z.boolean(),
  locale: z.literal('en-US'),
  verified: z.boolean(),
  email: z.string().nullable(),
})

/** Docs "Application Object", as "Get Current Application" gives it. */
export const applicationShape = z.strictObject({
  id: snowflake,
  name: z.string(),
  icon: z.string().nullable(),
  description: z.string(),
  type: z.null(),
  summary: z.literal(''),
  bot: userShape,
  bot_public: z.boolean(),
  bot_require_code_grant: z.boolean(),
  verify_key: z.string().regex(/^[\da-f]{64}$/),
  flags: z.int(),
  flags_new: z.string(),
  redirect_uris: z.array(z.url()),
  interactions_endpoint_url: z.url().nullable(),
  role_connections_verification_url: z.url().nullable(),
  owner: userShape,
  approximate_guild_count: z.int(),
  approximate_user_install_count: z.int(),
  approximate_user_authorization_count: z.int(),
  explicit_content_filter: z.literal(0),
  team: z.null(),
  eligible_oauth2_scopes: z.array(z.string()),
})

/** Docs "Get Gateway". */
export const gatewayShape = z.strictObject({ url: z.url() })

/** Docs "Get Gateway Bot" and "Session Start Limit Object". */
export const gatewayBotShape = z.strictObject({
  url: z.url(),
  shards: z.int().positive(),
  session_start_limit: z.strictObject({
    total: z.int(),
    remaining: z.int(),
    reset_after: z.int(),
    max_concurrency: z.int().positive(),
  }),
})

/** Docs "Embed Object"; the limits are those of section "Embed Limits". */
export const embedShape = z.strictObject({
  title: z.string().max(256).optional(),
  description: z.string().max(4096).optional(),
  url: z.url().optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  color: z.int().min(0).max(0xff_ff_ff).optional(),
  footer: z.strictObject({ text: z.string().max(2048) }).optional(),
  fields: z
    .array(z.strictObject({ name: z.string().max(256), value: z.string().max(1024), inline: z.boolean().optional() }))
    .max(25)
    .optional(),
})

/** Docs "Message Object", a message of type DEFAULT (0). */
export const messageShape = z.strictObject({
  id: snowflake,
  channel_id: snowflake,
  type: z.literal(0),
  author: userShape,
  content: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  edited_timestamp: z.iso.datetime({ offset: true }).nullable(),
  tts: z.boolean(),
  mention_everyone: z.boolean(),
  mentions: z.array(userShape),
  mention_roles: z.array(snowflake),
  attachments: z.array(z.never()),
  embeds: z.array(z.strictObject({ ...embedShape.shape, type: z.literal('rich') })),
  components: z.array(z.never()),
  pinned: z.boolean(),
  flags: z.int(),
  webhook_id: snowflake.optional(),
})

/** Docs "API Reference", section "Error Messages". */
const errorShape = z.strictObject({ message: z.string(), code: z.int(), errors: z.record(z.string(), z.unknown()).optional() })

/** Docs "Rate Limits", section "Rate Limit Response Structure". */
export const limitedShape = z.strictObject({
  message: z.string(),
  retry_after: z.number().positive(),
  global: z.boolean(),
  code: z.int().optional(),
})

export const refusalShape = z.union([errorShape, limitedShape])

export const nothing = z.undefined()

const embeds = z.array(embedShape)

/** Docs "Allowed Mentions Object". */
const allowedMentions = z.strictObject({
  parse: z.array(z.enum(['roles', 'users', 'everyone'])).optional(),
  roles: z.array(snowflake).max(100).optional(),
  users: z.array(snowflake).max(100).optional(),
  replied_user: z.boolean().optional(),
})

/** SUPPRESS_EMBEDS (4) and SUPPRESS_NOTIFICATIONS (4096) are the flags that the sandbox takes. */
const flags = z.int().refine((value) => (value & ~(4 | 4096)) === 0, 'only flags 4 and 4096 are known')

const newText = {
  content: z.string().optional(),
  embeds: embeds.optional(),
  allowed_mentions: allowedMentions.optional(),
  flags: flags.optional(),
}

/** Docs "Create Message". */
export const createMessageParams = z.strictObject({
  ...newText,
  tts: z.boolean().optional(),
  nonce: z.union([z.int(), z.string().max(25)]).optional(),
  enforce_nonce: z.boolean().optional(),
})

/** Docs "Edit Message": each field may be null as well. */
export const editMessageParams = z.strictObject({
  content: z.string().nullable().optional(),
  embeds: embeds.nullable().optional(),
  allowed_mentions: allowedMentions.nullable().optional(),
  flags: flags.optional(),
})

/** Docs "Execute Webhook". */
export const executeWebhookParams = z.strictObject({
  ...newText,
  tts: z.boolean().optional(),
  username: z.string().min(1).max(80).optional(),
  avatar_url: z.url().optional(),
})

/** Docs "Edit Webhook Message": the same fields as a bot's. */
export const editWebhookMessageParams = editMessageParams

export type MessageParams = z.infer<typeof editMessageParams>
export type Embed = z.infer<typeof embedShape>
