import type { z } from 'zod'
import { posted } from '../mailbox.ts'
import { invalidBlocks, refused } from './errors.ts'
import type { Block, postMessageParams, postMessageShape, updateParams, updateShape } from './shapes.ts'
import { nextTs, type Channel, type PostedMessage, type Workspace } from './state.ts'

/** Docs "chat.postMessage method", section "Truncating content", and its error msg_too_long. */
const textLimit = 40_000

// Docs "Block Kit", the reference of each block.
const blockLimit = 50
const headerLimit = 150
const sectionLimit = 3000
const fieldLimit = 2000
const fieldsLimit = 10
const elementsLimit = 10

export function postMessage(workspace: Workspace, asked: z.infer<typeof postMessageParams>): PostedMessage {
  const name = asked.channel.replace(/^#/, '')
  const channel = writable(workspace.channels.find((one) => one.id === asked.channel || one.name === name))
  refuseContent(asked)
  const ts = nextTs(workspace)
  const text = asked.text ?? ''
  const shown = textOf(text, asked.blocks)
  const sent = posted(workspace.mailbox, { service: 'slack', id: ts, place: channel.id, text: shown })
  const message: PostedMessage = {
    ts,
    channel,
    threadTs: asked.thread_ts,
    own: true,
    text,
    blocks: asked.blocks,
    editedTs: undefined,
    sent,
  }
  workspace.messages.push(message)
  return message
}

/** Docs "chat.update method": the channel by its id, the message by its ts; blocks that are not given stay. */
export function updateMessage(workspace: Workspace, asked: z.infer<typeof updateParams>): PostedMessage {
  const channel = writable(workspace.channels.find(({ id }) => id === asked.channel))
  const message = workspace.messages.find((one) => one.ts === asked.ts && one.channel.id === channel.id)
  if (message === undefined) throw refused('message_not_found')
  if (!message.own) throw refused('cant_update_message')
  refuseContent(asked)
  message.text = asked.text ?? message.text
  message.blocks = asked.blocks ?? message.blocks
  message.editedTs = nextTs(workspace)
  message.sent.texts.push(textOf(message.text, message.blocks))
  return message
}

function writable(channel: Channel | undefined): Channel {
  if (channel === undefined) throw refused('channel_not_found')
  if (channel.archived) throw refused('is_archived')
  if (!channel.joined) throw refused('not_in_channel')
  return channel
}

interface Content {
  readonly text?: string | undefined
  readonly blocks?: readonly Block[] | undefined
}

function refuseContent({ text = '', blocks = [] }: Content): void {
  if (text.trim() === '' && blocks.length === 0) throw refused('no_text')
  if (Array.from(text).length > textLimit) throw refused('msg_too_long')
  if (blocks.length > blockLimit) throw invalidBlocks(`no more than ${blockLimit} items allowed [json-pointer:/blocks]`)
  for (const [index, block] of blocks.entries()) {
    const problem = blockProblem(block)
    if (problem !== undefined) throw invalidBlocks(`${problem} [json-pointer:/blocks/${index}]`)
  }
}

const tooLong = (text: string, limit: number) =>
  text.length > limit ? `must be less than ${limit + 1} characters` : undefined

const empty = (text: string) => (text === '' ? 'must be more than 0 characters' : undefined)

function blockProblem(block: Block): string | undefined {
  switch (block.type) {
    case 'header':
      return empty(block.text.text) ?? tooLong(block.text.text, headerLimit)
    case 'section': {
      const { text, fields = [] } = block
      if (text === undefined && fields.length === 0) return 'must provide one of text, fields'
      if (fields.length > fieldsLimit) return `no more than ${fieldsLimit} items allowed`
      const field = fields.map((one) => tooLong(one.text, fieldLimit)).find((problem) => problem !== undefined)
      return field ?? (text === undefined ? undefined : (empty(text.text) ?? tooLong(text.text, sectionLimit)))
    }
    case 'context':
      return block.elements.length > elementsLimit ? `no more than ${elementsLimit} items allowed` : undefined
    case 'divider':
      return undefined
  }
}

/** What people read: with blocks, `text` is for notifications alone (docs "chat.postMessage method"). */
function textOf(text: string, blocks: readonly Block[] | undefined): string {
  if (blocks === undefined || blocks.length === 0) return text
  return blocks.flatMap(linesOf).join('\n')
}

function linesOf(block: Block): readonly string[] {
  switch (block.type) {
    case 'header':
      return [block.text.text]
    case 'section':
      return [block.text, ...(block.fields ?? [])].flatMap((part) => (part === undefined ? [] : [part.text]))
    case 'context':
      return block.elements.map(({ text }) => text)
    case 'divider':
      return []
  }
}

function fieldsOf(workspace: Workspace, message: PostedMessage) {
  return {
    type: 'message',
    user: workspace.userId,
    bot_id: workspace.botId,
    app_id: workspace.appId,
    team: workspace.teamId,
    text: message.text,
    ...(message.blocks === undefined ? {} : { blocks: [...message.blocks] }),
  } as const
}

export function postedView(workspace: Workspace, message: PostedMessage): z.infer<typeof postMessageShape> {
  const thread = message.threadTs === undefined ? {} : { thread_ts: message.threadTs }
  const view = { ...fieldsOf(workspace, message), ts: message.ts, ...thread }
  return { ok: true, channel: message.channel.id, ts: message.ts, message: view }
}

export function updatedView(workspace: Workspace, message: PostedMessage): z.infer<typeof updateShape> {
  const edited = { user: workspace.userId, ts: message.editedTs ?? message.ts }
  const view = { ...fieldsOf(workspace, message), edited }
  return { ok: true, channel: message.channel.id, ts: message.ts, text: message.text, message: view }
}
