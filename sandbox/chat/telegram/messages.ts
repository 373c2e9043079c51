import type { z } from 'zod'
import { posted } from '../mailbox.ts'
import { badRequest } from './errors.ts'
import { parseHtml } from './html.ts'
import type { editMessageTextParams, Entity, messageShape, sendMessageParams } from './shapes.ts'
import type { Bot, BotMessage } from './state.ts'

/** Sections "sendMessage" and "editMessageText": 1-4096 characters after entities parsing. */
const textLimit = 4096

export function sendMessage(bot: Bot, asked: z.infer<typeof sendMessageParams>): BotMessage {
  const chat = chatOf(bot, asked.chat_id)
  const { text, entities } = readText(asked)
  const id = bot.messages.length + 1
  const sent = posted(bot.mailbox, { service: 'telegram', id: String(id), place: String(chat.id), text })
  const message: BotMessage = { id, chat, date: bot.world.now(), editedAt: undefined, text, entities, sent }
  bot.messages.push(message)
  return message
}

export function editMessage(bot: Bot, asked: z.infer<typeof editMessageTextParams>): BotMessage {
  const chat = chatOf(bot, asked.chat_id)
  const message = bot.messages.find((one) => one.id === asked.message_id && one.chat.id === chat.id)
  if (message === undefined) throw badRequest('message to edit not found')
  const { text, entities } = readText(asked)
  if (text === message.text && JSON.stringify(entities) === JSON.stringify(message.entities)) throw notModified()
  message.text = text
  message.entities = entities
  message.editedAt = bot.world.now()
  message.sent.texts.push(text)
  return message
}

/** `Client::fail_query_with_error`, MESSAGE_NOT_MODIFIED. */
function notModified() {
  const same = 'specified new message content and reply markup are exactly the same as a current content'
  return badRequest(`message is not modified: ${same} and reply markup of the message`)
}

function readText({ text: given, parse_mode: mode }: { text: string; parse_mode?: 'HTML' | undefined }): {
  readonly text: string
  readonly entities: readonly Entity[]
} {
  const { text, entities } = mode === 'HTML' ? parseHtml(given) : { text: given, entities: [] }
  if (text.trim() === '') throw badRequest('message text is empty')
  if (Array.from(text).length > textLimit) throw badRequest('message is too long')
  return { text, entities }
}

function chatOf(bot: Bot, chatId: number | string): Bot['chats'][number] {
  if (chatId === '') throw badRequest('chat_id is empty')
  const found = bot.chats.find((chat) => {
    const username = chat.type === 'supergroup' || chat.type === 'channel' ? chat.username : undefined
    return String(chat.id) === String(chatId) || (username !== undefined && chatId === `@${username}`)
  })
  if (found === undefined) throw badRequest('chat not found')
  return found
}

const seconds = (date: Date) => Math.floor(date.getTime() / 1000)

export function messageView(bot: Bot, message: BotMessage): z.infer<typeof messageShape> {
  const { id, is_bot, first_name, username } = bot.me
  return {
    message_id: message.id,
    // Section "Message", `from`: empty for messages sent to channels.
    ...(message.chat.type === 'channel' ? {} : { from: { id, is_bot, first_name, username } }),
    chat: message.chat,
    date: seconds(message.date),
    ...(message.editedAt === undefined ? {} : { edit_date: seconds(message.editedAt) }),
    text: message.text,
    ...(message.entities.length === 0 ? {} : { entities: [...message.entities] }),
  }
}
