import type { World } from '../../world.ts'
import type { Mailbox, SentMessage } from '../mailbox.ts'
import { keysFrom, randomSeed, type SigningKeys } from './keys.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'
import type { Embed } from './shapes.ts'

export interface Webhook {
  readonly id: string
  readonly token: string
  readonly channelId: string
}

export interface PostedMessage {
  readonly id: string
  readonly channelId: string
  /** The webhook that wrote it, or the bot. */
  readonly webhookId: string | undefined
  readonly authorName: string
  readonly at: Date
  editedAt: Date | undefined
  content: string
  embeds: readonly Embed[]
  flags: number
  readonly sent: SentMessage
}

/** What a client said on the gateway; `op` 2 is IDENTIFY, which a check may never send. */
export interface GatewayCall {
  readonly op: number
}

/** `silent` says no HELLO, `garbled` says something else, `refused` takes no WebSocket. */
export type GatewayMood = 'hello' | 'silent' | 'garbled' | 'refused'

/** One application with its bot, the channels that it may write to, and one webhook. */
export interface Application {
  readonly world: World
  readonly mailbox: Mailbox
  readonly rateLimit: RateLimit
  readonly keys: SigningKeys
  readonly id: string
  readonly token: string
  readonly username: string
  readonly channels: Set<string>
  /** Channels that exist and that the bot may not see. */
  readonly closedChannels: Set<string>
  readonly webhook: Webhook
  readonly messages: PostedMessage[]
  readonly gatewayCalls: GatewayCall[]
  gatewayUrl: string
  gatewayMood: GatewayMood
  gatewayConnections: number
  sessionsRemaining: number
  interactionsEndpointUrl: string | null
  revoked: boolean
  webhookDeleted: boolean
  lastSnowflake: bigint
}

export function newApplication(world: World, mailbox: Mailbox): Application {
  const letters = () => (world.uuid() + world.uuid()).replaceAll('-', '')
  const id = '1180000000000000001'
  const channelId = '1180000000000000002'
  return {
    world,
    mailbox,
    rateLimit: createRateLimit(world),
    keys: keysFrom(randomSeed(world.random)),
    id,
    // A bot's token is its id in base64 and two more parts (docs "API Reference", section "Authentication").
    token: `${Buffer.from(id).toString('base64url')}.${letters().slice(0, 6)}.${letters().slice(0, 38)}`,
    username: 'harbour',
    channels: new Set([channelId]),
    closedChannels: new Set(),
    webhook: { id: '1180000000000000003', token: `${letters()}${letters()}`.slice(0, 68), channelId },
    messages: [],
    gatewayCalls: [],
    gatewayUrl: '',
    gatewayMood: 'hello',
    gatewayConnections: 0,
    sessionsRemaining: 1000,
    interactionsEndpointUrl: null,
    revoked: false,
    webhookDeleted: false,
    lastSnowflake: 1_180_000_000_000_001_000n,
  }
}

export function nextSnowflake(application: Application): string {
  application.lastSnowflake += 1n
  return String(application.lastSnowflake)
}
