import { serve, type World } from '../../world.ts'
import type { LimitOptions } from '../limits.ts'
import type { Mailbox, SentMessage } from '../mailbox.ts'
import { sendEvent, signatureOf, type EventDelivery, type EventOptions } from './events.ts'
import { answer, apiPath } from './routes.ts'
import { newWorkspace, nextTs, type Channel, type PostedMessage, type Workspace } from './state.ts'

/** Arranges what the workspace's people and Slack itself would do, and reads what became of it. */
export interface SlackModel {
  /** Where `sendEvent` posts by default. */
  eventsUrl: string | undefined
  /** Of the bot's token; `chat:write` by default. */
  scopes: readonly string[]
  /** What every call with the bot's token is answered, while set. */
  authError: Workspace['authError']
  revokeAppToken(): void
  addChannel(channel: Channel): void
  /** A message of somebody else in the bot's own channel; returns its ts. Not counted among the messages sent. */
  addForeignMessage(text: string): string
  /** The next matching requests are answered 429. */
  refuse(options?: LimitOptions): void
  /** The bot's own. */
  messages(): readonly PostedMessage[]
  /** How often somebody connected to a socket of apps.connections.open: it would take events away. */
  socketsOpened(): number
}

export interface Slack extends AsyncDisposable {
  /** What stands for https://slack.com/api. */
  readonly url: string
  readonly botToken: string
  readonly appToken: string
  readonly signingSecret: string
  readonly teamId: string
  /** A channel that the bot is in. */
  readonly channelId: string
  readonly model: SlackModel
  sendEvent(options?: EventOptions): Promise<EventDelivery>
  /** For hostile tests: signs as Slack would. */
  sign(timestamp: string, body: string): string
}

/** Starts Slack's Web API for one app in one workspace on loopback. */
export async function startSlack(world: World, mailbox: Mailbox, port = 0): Promise<Slack> {
  const workspace = newWorkspace(world, mailbox)
  const service = await serve(world, 'slack', (request) => answer(workspace, request), port)
  workspace.socketUrl = `${service.url.replace('http', 'ws')}/link/`
  service.server.on('upgrade', (_, socket) => {
    workspace.socketsOpened += 1
    world.violations.push('Slack sandbox, Socket Mode: somebody connected, which takes events from the real app')
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
  })
  return {
    url: `${service.url}${apiPath}`,
    botToken: workspace.botToken,
    appToken: workspace.appToken,
    signingSecret: workspace.signingSecret,
    teamId: workspace.teamId,
    channelId: workspace.channels[0]?.id ?? '',
    model: modelOf(workspace),
    sendEvent: (options) => sendEvent(workspace, options),
    sign: (timestamp, body) => signatureOf(workspace.signingSecret, timestamp, body),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

function modelOf(workspace: Workspace): SlackModel {
  return {
    get eventsUrl() {
      return workspace.eventsUrl
    },
    set eventsUrl(url) {
      workspace.eventsUrl = url
    },
    get scopes() {
      return workspace.scopes
    },
    set scopes(scopes) {
      workspace.scopes = scopes
    },
    get authError() {
      return workspace.authError
    },
    set authError(error) {
      workspace.authError = error
    },
    revokeAppToken: () => void (workspace.appTokenRevoked = true),
    addChannel: (channel) => void workspace.channels.push(channel),
    addForeignMessage: (text) => addForeignMessage(workspace, text),
    refuse: (options = {}) => workspace.limits.refuse(options),
    messages: () => workspace.messages.filter(({ own }) => own),
    socketsOpened: () => workspace.socketsOpened,
  }
}

function addForeignMessage(workspace: Workspace, text: string): string {
  const [channel] = workspace.channels
  if (channel === undefined) throw new Error('the workspace has no channel')
  const ts = nextTs(workspace)
  const sent: SentMessage = { service: 'slack', id: ts, place: channel.id, texts: [text] }
  const rest = { threadTs: undefined, blocks: undefined, editedTs: undefined }
  workspace.messages.push({ ts, channel, own: false, text, ...rest, sent })
  return ts
}
