import type { World } from '../../world.ts'
import { createLimits, type LimitOptions, type Limits } from '../limits.ts'
import type { Mailbox, SentMessage } from '../mailbox.ts'
import type { Block } from './shapes.ts'

export interface Channel {
  readonly id: string
  readonly name: string
  /** The bot is in it. */
  readonly joined: boolean
  readonly archived: boolean
}

export interface PostedMessage {
  readonly ts: string
  readonly channel: Channel
  readonly threadTs: string | undefined
  /** Written by this bot; another's cannot be changed. */
  readonly own: boolean
  text: string
  blocks: readonly Block[] | undefined
  editedTs: string | undefined
  readonly sent: SentMessage
}

/** One app in one workspace: its two tokens, its signing secret, and the channels. */
export interface Workspace {
  readonly world: World
  readonly mailbox: Mailbox
  readonly limits: Limits<LimitOptions>
  readonly botToken: string
  readonly appToken: string
  readonly signingSecret: string
  readonly verificationToken: string
  readonly teamId: string
  readonly userId: string
  readonly botId: string
  readonly appId: string
  readonly channels: Channel[]
  readonly messages: PostedMessage[]
  /** Of the bot's token. */
  scopes: readonly string[]
  /** What every call with the bot's token is answered, while set. */
  authError: 'invalid_auth' | 'account_inactive' | 'token_revoked' | undefined
  appTokenRevoked: boolean
  eventsUrl: string | undefined
  socketUrl: string
  socketsOpened: number
  lastTs: number
}

export function newWorkspace(world: World, mailbox: Mailbox): Workspace {
  const hex = (length: number) => (world.uuid() + world.uuid()).replaceAll('-', '').slice(0, length)
  const id = (letter: string) => `${letter}0${hex(9).toUpperCase()}`
  const appId = id('A')
  return {
    world,
    mailbox,
    limits: createLimits(),
    // Docs "Tokens": xoxb- is a bot's, xapp- an app's. In parts, so that no scanner takes them for real ones.
    botToken: ['xoxb', hex(12), hex(12), hex(24)].join('-'),
    appToken: ['xapp', '1', appId, hex(12), hex(32)].join('-'),
    signingSecret: hex(32),
    verificationToken: hex(24),
    teamId: id('T'),
    userId: id('U'),
    botId: id('B'),
    appId,
    channels: [{ id: id('C'), name: 'deploys', joined: true, archived: false }],
    messages: [],
    scopes: ['chat:write'],
    authError: undefined,
    appTokenRevoked: false,
    eventsUrl: undefined,
    socketUrl: '',
    socketsOpened: 0,
    lastTs: 0,
  }
}

/** A time with six more digits, which makes it the message's id in its channel (docs "Retrieving messages"). */
export function nextTs(workspace: Workspace): string {
  workspace.lastTs += 1
  const seconds = Math.floor(workspace.world.now().getTime() / 1000)
  return `${seconds}.${String(workspace.lastTs).padStart(6, '0')}`
}
