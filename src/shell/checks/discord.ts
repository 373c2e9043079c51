import { generateKeyPairSync, sign } from 'node:crypto'
import { gatewayUrlOf, judgeDiscord, type DiscordCheckSpec, type DiscordFacts } from '../../core/checks/discord.ts'
import type { Seen } from '../../core/checks/seen.ts'
import type { Asking, AskingPorts } from './asking.ts'
import { askChat, type ChatAsk } from './provider.ts'
import { hearGateway } from './provider-gateway.ts'

/** Docs "API Reference", User Agent: others may be refused. */
const USER_AGENT = 'DiscordBot (https://github.com/sleepwell-deploy/sleepwell, 0.1.0)'
/** Docs "Interaction Object": PING. */
const PING = JSON.stringify({ id: '1', application_id: '1', type: 1, token: 'sleepwell', version: 1 })

/** Asks Discord about the bot, listens at the gateway, and knocks at the Worker's interactions with a false key and none. */
export async function attemptDiscord(spec: DiscordCheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  const { token, apiBaseUrl, path } = spec
  const ask = askChat({ apiBaseUrl, secrets: [token] }, asking, ports)
  const call = (resource: string) => ask.provider({ method: 'GET', path: resource, headers: { authorization: `Bot ${token}`, 'user-agent': USER_AGENT } })
  const [me, gateway, interactions] = await Promise.all([
    call('/users/@me'),
    spec.gateway ? askGateway(() => call('/gateway/bot'), asking, ask) : undefined,
    path === undefined ? undefined : knock({ ...spec, path }, ask, Math.floor(ports.clock.now() / 1000)),
  ])
  const facts: DiscordFacts = { me, ...(gateway === undefined ? {} : { gateway }), ...(interactions === undefined ? {} : { interactions }) }
  return judgeDiscord(spec, facts, asking.subject.versionId)
}

async function askGateway(call: () => ReturnType<ChatAsk['provider']>, { limitMs, signal }: Asking, { clean }: ChatAsk): Promise<NonNullable<DiscordFacts['gateway']>> {
  const startedAt = performance.now()
  const bot = await call()
  const url = gatewayUrlOf(bot)
  if (url === undefined) return { bot, socket: { kind: 'none', why: 'Discord did not say where the gateway is' } }
  const socket = await hearGateway(url, limitMs - (performance.now() - startedAt), signal)
  return { bot, socket: socket.kind === 'none' ? { kind: 'none', why: clean(socket.why) } : socket }
}

/** Only Discord can sign rightly; a real signature by another key is as near as anybody can come. */
async function knock({ path, headers }: DiscordCheckSpec & { readonly path: string }, ask: ChatAsk, nowSeconds: number): Promise<NonNullable<DiscordFacts['interactions']>> {
  const timestamp = String(nowSeconds)
  const signature = sign(null, Buffer.from(timestamp + PING), generateKeyPairSync('ed25519').privateKey).toString('hex')
  const post = (signing: Readonly<Record<string, string>>) => ask.worker({ path, method: 'POST', headers: { ...headers, 'content-type': 'application/json', ...signing }, body: PING })
  const [forged, unsigned] = await Promise.all([post({ 'x-signature-ed25519': signature, 'x-signature-timestamp': timestamp }), post({})])
  return { forged, unsigned }
}
