import type { z } from 'zod'
import type { World } from '../../world.ts'
import { createLimits, type LimitOptions, type Limits } from '../limits.ts'
import type { Mailbox, SentMessage } from '../mailbox.ts'
import type { chatShape, Entity, meShape } from './shapes.ts'

export interface BotMessage {
  readonly id: number
  readonly chat: z.infer<typeof chatShape>
  readonly date: Date
  editedAt: Date | undefined
  text: string
  entities: readonly Entity[]
  readonly sent: SentMessage
}

export interface Webhook {
  url: string
  secretToken: string
  maxConnections: number
  pendingUpdates: number
  lastError: { readonly at: Date; readonly message: string } | undefined
}

/** One bot, its webhook, and the chats that it is a member of. */
export interface Bot {
  readonly world: World
  readonly mailbox: Mailbox
  readonly limits: Limits<LimitOptions>
  readonly token: string
  readonly me: z.infer<typeof meShape>
  readonly chats: z.infer<typeof chatShape>[]
  readonly messages: BotMessage[]
  webhook: Webhook
  revoked: boolean
  lastUpdateId: number
}

export const noWebhook = (): Webhook => ({
  url: '',
  secretToken: '',
  maxConnections: 0,
  pendingUpdates: 0,
  lastError: undefined,
})

export function newBot(world: World, mailbox: Mailbox): Bot {
  const id = 7_000_000_000 + Math.floor(world.random() * 1_000_000_000)
  return {
    world,
    mailbox,
    limits: createLimits(),
    // Docs "Telegram Bot API", section "Authorizing your bot": the bot's id, a colon, and 35 characters.
    token: `${id}:${(world.uuid() + world.uuid()).replaceAll('-', '').slice(0, 35)}`,
    me: {
      id,
      is_bot: true,
      first_name: 'Harbour',
      username: 'harbour_bot',
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_guest_queries: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
      supports_join_request_queries: false,
    },
    chats: [{ id: -1_001_234_567_890, type: 'supergroup', title: 'Deploys' }],
    messages: [],
    webhook: noWebhook(),
    revoked: false,
    lastUpdateId: 100_000_000,
  }
}
