import { z } from 'zod'
import type { HttpAnswer, HttpFacts } from './answer.ts'
import { judgeExchange } from './exchange.ts'
import { describeAnswer } from './expectations.ts'
import { dependentPart, GOOD_BOT, observedText, ownBeside, providerPart, readProvider, type ProviderSays } from './provider.ts'
import type { Attempt } from './result.ts'
import type { PartSeen, Seen } from './seen.ts'
import type { CheckBasics } from './spec.ts'

/** A Discord bot; its interactions endpoint, where it has one, is the Worker's. */
export interface DiscordCheckSpec extends CheckBasics {
  readonly kind: 'discord'
  readonly token: string
  /** Of the interactions endpoint, below the base URL's own path. */
  readonly path?: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly gateway: boolean
  readonly apiBaseUrl: string
}

/** What a WebSocket to the gateway came to; nothing is ever said on it. */
export type GatewayFacts = { readonly kind: 'message'; readonly text: string } | { readonly kind: 'none'; readonly why: string }

/** What each request came to. */
export interface DiscordFacts {
  readonly me: HttpFacts
  readonly gateway?: { readonly bot: HttpFacts; readonly socket: GatewayFacts }
  /** PINGs to the interactions endpoint. */
  readonly interactions?: { readonly forged: HttpFacts; readonly unsigned: HttpFacts }
}

const meSchema = z.object({ id: z.string(), username: z.string() })
const gatewayBotSchema = z.object({ url: z.string(), session_start_limit: z.object({ remaining: z.number() }) })
const errorSchema = z.object({ message: z.string() })
/** Docs "Gateway", Hello Event. */
const helloSchema = z.object({ op: z.literal(10) })

/** Judges the bot, the gateway, and whether the Worker guards its interactions; only the latter tells of a version. */
export function judgeDiscord(spec: DiscordCheckSpec, facts: DiscordFacts, wanted: string | undefined): Seen {
  const { gateway, interactions } = facts
  const parts: readonly PartSeen[] = [
    providerPart('bot', read(facts.me, meSchema), ({ username }) => ({ attempt: GOOD_BOT, ...observedText(username) })),
    ...(gateway === undefined ? [] : [judgeGateway(gateway)]),
    ...(interactions === undefined ? [] : [{ name: 'interactions guarded', attempt: judgeGuard(spec, interactions, wanted) }]),
  ]
  return { own: ownBeside(parts), parts }
}

/** Where the gateway is, if Discord says so. */
export function gatewayUrlOf(facts: HttpFacts): string | undefined {
  const says = read(facts, gatewayBotSchema)
  return says.kind === 'said' ? says.said.url : undefined
}

/** Docs "Opcodes and Status Codes": 401 is a token that is missing or invalid; other refusals come of Discord's own edge. */
function read<Said>(facts: HttpFacts, said: z.ZodType<Said>): ProviderSays<Said> {
  return readProvider(facts, said, ({ status }, document) => (status === 401 ? errorSchema.safeParse(document).data?.message : undefined))
}

function judgeGateway({ bot, socket }: NonNullable<DiscordFacts['gateway']>): PartSeen {
  return dependentPart('gateway', read(bot, gatewayBotSchema), ({ session_start_limit: { remaining } }) => {
    const why = missingHello(socket)
    if (why !== undefined) return { attempt: { kind: 'unreachable', seen: why }, isOptional: true }
    return { attempt: GOOD_BOT, ...observedText(`${remaining} sessions left`) }
  })
}

function missingHello(socket: GatewayFacts): string | undefined {
  if (socket.kind === 'none') return socket.why
  try {
    return helloSchema.safeParse(JSON.parse(socket.text)).success ? undefined : 'the gateway did not say HELLO'
  } catch {
    return 'the gateway said what is not JSON'
  }
}

/** Two requests, one part: the first that does not go well says what is wrong. */
function judgeGuard({ proof, timeoutSeconds }: DiscordCheckSpec, { forged, unsigned }: NonNullable<DiscordFacts['interactions']>, wanted: string | undefined): Attempt {
  const asked = { proof, timeoutSeconds, wanted }
  const one = judgeExchange(asked, forged, (answer) => missOfGuard(answer, 'a wrong signature'))
  const other = judgeExchange(asked, unsigned, (answer) => missOfGuard(answer, 'no signature'))
  const isOneWell = one.kind === 'passed' || one.kind === 'unproven'
  return isOneWell || (one.kind !== 'failed' && other.kind === 'failed') ? other : one
}

/** Docs "Interactions", Validating Security Request Headers: Discord itself sends wrong ones, and demands 401. */
function missOfGuard(answer: HttpAnswer, to: string) {
  return answer.status === 401 ? undefined : { expectation: `status 401 to ${to}`, seen: describeAnswer(answer) }
}
