import { serve, type World } from '../../world.ts'
import type { Mailbox } from '../mailbox.ts'
import { openGateway } from './gateway.ts'
import { sendInteraction, type InteractionCheck, type InteractionOptions } from './interactions.ts'
import type { DiscordLimitOptions } from './rate-limit.ts'
import { answer, apiPath } from './routes.ts'
import { newApplication, type Application, type GatewayCall, type GatewayMood, type PostedMessage, type Webhook } from './state.ts'

/** Arranges what the application's people and Discord itself would do, and reads what became of it. */
export interface DiscordModel {
  interactionsEndpointUrl: string | null
  /** What `session_start_limit.remaining` says; each IDENTIFY would take one. */
  sessionsRemaining: number
  /** How the gateway receives the next client; `hello` by default. */
  gatewayMood: GatewayMood
  addChannel(id: string): void
  /** A channel that exists and that the bot may not see. */
  closeChannel(id: string): void
  deleteWebhook(): void
  /** The next matching requests are answered 429. */
  refuse(options?: DiscordLimitOptions): void
  revokeToken(): void
  messages(): readonly PostedMessage[]
  gatewayConnections(): number
  /** What clients said on the gateway, oldest first. */
  gatewayCalls(): readonly GatewayCall[]
}

export interface Discord extends AsyncDisposable {
  /** What stands for https://discord.com/api/v10. */
  readonly url: string
  /** What GET /gateway gives: ws:// on loopback. */
  readonly gatewayUrl: string
  readonly token: string
  readonly applicationId: string
  /** 64 hex digits of a real Ed25519 key. */
  readonly publicKey: string
  /** A channel that the bot may write to. */
  readonly channelId: string
  /** `url` is what stands for https://discord.com/api/webhooks/<id>/<token>. */
  readonly webhook: Webhook & { readonly url: string }
  readonly model: DiscordModel
  /** As Discord does when an endpoint is saved; see there. */
  sendInteraction(options?: InteractionOptions): Promise<InteractionCheck>
  /** For hostile tests: signs as Discord would. */
  sign(timestamp: string, body: string): string
}

/** Starts Discord's REST API and gateway for one application on loopback. */
export async function startDiscord(world: World, mailbox: Mailbox, port = 0): Promise<Discord> {
  const application = newApplication(world, mailbox)
  const service = await serve(world, 'discord', (request) => answer(application, request), port)
  const sockets = openGateway(service.server, application)
  application.gatewayUrl = `${service.url.replace('http', 'ws')}/`
  const { webhook } = application
  const url = `${service.url}${apiPath}`
  return {
    url,
    gatewayUrl: application.gatewayUrl,
    token: application.token,
    applicationId: application.id,
    publicKey: application.keys.publicKey,
    channelId: webhook.channelId,
    webhook: { ...webhook, url: `${url}/webhooks/${webhook.id}/${webhook.token}` },
    model: modelOf(application),
    sendInteraction: (options) => sendInteraction(application, options),
    sign: (timestamp, body) => application.keys.sign(timestamp, body),
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate()
      await service[Symbol.asyncDispose]()
    },
  }
}

function modelOf(application: Application): DiscordModel {
  return {
    get interactionsEndpointUrl() {
      return application.interactionsEndpointUrl
    },
    set interactionsEndpointUrl(url) {
      application.interactionsEndpointUrl = url
    },
    get sessionsRemaining() {
      return application.sessionsRemaining
    },
    set sessionsRemaining(remaining) {
      application.sessionsRemaining = remaining
    },
    get gatewayMood() {
      return application.gatewayMood
    },
    set gatewayMood(mood) {
      application.gatewayMood = mood
    },
    addChannel: (id) => void application.channels.add(id),
    closeChannel: (id) => void application.closedChannels.add(id),
    deleteWebhook: () => void (application.webhookDeleted = true),
    refuse: (options = {}) => application.rateLimit.refuse(options),
    revokeToken: () => void (application.revoked = true),
    messages: () => application.messages,
    gatewayConnections: () => application.gatewayConnections,
    gatewayCalls: () => application.gatewayCalls,
  }
}
