import type { z } from 'zod'
import { posted } from '../mailbox.ts'
import { emptyMessage, foreignMessage, invalidForm, unknownMessage } from './errors.ts'
import type { MessageParams, messageShape, userShape } from './shapes.ts'
import { nextSnowflake, type Application, type PostedMessage } from './state.ts'

/** Docs "Create Message", `content`: up to 2000 characters; `embeds`: up to 10. */
const contentLimit = 2000
const embedLimit = 10

export interface NewMessage {
  readonly channelId: string
  readonly webhookId?: string
  readonly username?: string | undefined
}

export function postMessage(application: Application, asked: MessageParams, by: NewMessage): PostedMessage {
  refuseContent(asked)
  const content = asked.content ?? ''
  const embeds = asked.embeds ?? []
  if (content.trim() === '' && embeds.length === 0) throw emptyMessage()
  const id = nextSnowflake(application)
  const sent = posted(application.mailbox, { service: 'discord', id, place: by.channelId, text: textOf(content, embeds) })
  const message: PostedMessage = {
    id,
    channelId: by.channelId,
    webhookId: by.webhookId,
    authorName: by.username ?? application.username,
    at: application.world.now(),
    editedAt: undefined,
    content,
    embeds,
    flags: asked.flags ?? 0,
    sent,
  }
  application.messages.push(message)
  return message
}

/** The message that this author wrote; docs "Edit Message": another's content cannot be edited. */
export function ownMessage(application: Application, id: string, by: NewMessage): PostedMessage {
  const found = application.messages.find((message) => message.id === id && message.channelId === by.channelId)
  if (found === undefined) throw unknownMessage()
  if (found.webhookId === by.webhookId) return found
  // To a webhook, a message of another author does not exist (docs "Edit Webhook Message").
  throw by.webhookId === undefined ? foreignMessage() : unknownMessage()
}

export function editMessage(application: Application, message: PostedMessage, asked: MessageParams): void {
  refuseContent(asked)
  const content = asked.content === undefined ? message.content : (asked.content ?? '')
  const embeds = asked.embeds === undefined ? message.embeds : (asked.embeds ?? [])
  if (content.trim() === '' && embeds.length === 0) throw emptyMessage()
  message.content = content
  message.embeds = embeds
  message.flags = asked.flags ?? message.flags
  message.editedAt = application.world.now()
  message.sent.texts.push(textOf(content, embeds))
}

function refuseContent({ content, embeds }: MessageParams): void {
  if (Array.from(content ?? '').length > contentLimit) {
    throw invalidForm('content', 'BASE_TYPE_MAX_LENGTH', `Must be ${contentLimit} or fewer in length.`)
  }
  if ((embeds ?? []).length > embedLimit) {
    throw invalidForm('embeds', 'BASE_TYPE_MAX_LENGTH', `Must be ${embedLimit} or fewer in length.`)
  }
}

function textOf(content: string, embeds: PostedMessage['embeds']): string {
  const parts = embeds.flatMap((embed) => [
    embed.title,
    embed.description,
    ...(embed.fields ?? []).map(({ name, value }) => `${name}: ${value}`),
    embed.footer?.text,
  ])
  return [content, ...parts].filter((part) => part !== undefined && part !== '').join('\n')
}

export function messageView(application: Application, message: PostedMessage): z.infer<typeof messageShape> {
  return {
    id: message.id,
    channel_id: message.channelId,
    type: 0,
    author: authorOf(application, message),
    content: message.content,
    timestamp: stamp(message.at),
    edited_timestamp: message.editedAt === undefined ? null : stamp(message.editedAt),
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: message.embeds.map((embed) => ({ ...embed, type: 'rich' })),
    components: [],
    pinned: false,
    flags: message.flags,
    ...(message.webhookId === undefined ? {} : { webhook_id: message.webhookId }),
  }
}

/** ISO 8601 with an offset, as the docs' examples write it. */
const stamp = (date: Date) => date.toISOString().replace('Z', '000+00:00')

export function botUser(application: Application): z.infer<typeof userShape> {
  return {
    id: application.id,
    username: application.username,
    avatar: null,
    // Docs "User Object": 0 for those with a unique username; bots keep four digits.
    discriminator: '4242',
    public_flags: 0,
    flags: 0,
    bot: true,
    global_name: null,
    primary_guild: null,
  }
}

/** Docs "Message Object", `author`: a webhook's message has the webhook's id, username and avatar. */
function authorOf(application: Application, message: PostedMessage): z.infer<typeof userShape> {
  const bot = botUser(application)
  if (message.webhookId === undefined) return bot
  return { ...bot, id: message.webhookId, username: message.authorName, discriminator: '0000' }
}
