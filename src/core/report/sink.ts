/** Where a team is told; secrets in it are masked before anything is printed. */
export type SinkSpec = SlackSink | DiscordSink | TelegramSink | WebhookSink

interface SinkBasics {
  /** Shown when the sink could not be reached. */
  readonly name: string
  /** `failure`: only what did not end well is told. */
  readonly when: 'always' | 'failure'
}

export interface SlackSink extends SinkBasics {
  readonly kind: 'slack'
  /** Id or name of a channel that the bot is in. */
  readonly channel: string
  /** Bot token with `chat:write`. */
  readonly token: string
  readonly apiBaseUrl: string
}

export interface DiscordSink extends SinkBasics {
  readonly kind: 'discord'
  /** A channel's webhook; whoever has it may write there. */
  readonly webhookUrl: string
}

export interface TelegramSink extends SinkBasics {
  readonly kind: 'telegram'
  readonly chatId: string
  readonly token: string
  readonly apiBaseUrl: string
}

export interface WebhookSink extends SinkBasics {
  readonly kind: 'webhook'
  readonly url: string
  /** `whsec_` and base64, as "Standard Webhooks" 1.0.0 has it. */
  readonly secret: string
}
