import { z } from 'zod'
import type { HttpAnswer, HttpFacts } from './answer.ts'
import { judgeExchange } from './exchange.ts'
import { describeAnswer, excerpt } from './expectations.ts'
import { dependentPart, GOOD_BOT, missOfRefusal, observedText, ownBeside, providerFailure, providerPart, readProvider, type ProviderSays } from './provider.ts'
import type { PartSeen, Seen } from './seen.ts'
import type { CheckBasics } from './spec.ts'

/** A Telegram bot whose webhook the Worker answers. */
export interface TelegramCheckSpec extends CheckBasics {
  readonly kind: 'telegram'
  readonly token: string
  /** Of the webhook, below the base URL's own path. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The `secret_token` of setWebhook. */
  readonly secretToken: string
  /** The whole synthetic update; one that has nothing but an id unless given. */
  readonly update?: Readonly<Record<string, unknown>> | undefined
  /** As Telegram knows it, where it is not the base URL and the path. */
  readonly webhookUrl?: string | undefined
  readonly maxPending: number
  /** A delivery that failed within this time is recent, where no rollout says since when to look. */
  readonly recentErrorSeconds: number
  readonly apiBaseUrl: string
}

/** What each request came to. */
export interface TelegramFacts {
  readonly me: HttpFacts
  readonly webhookInfo: HttpFacts
  readonly update: HttpFacts
  readonly wrongToken: HttpFacts
}

export interface TelegramAsked {
  readonly wanted: string | undefined
  /** Real updates reach the wanted version, and no other. */
  readonly servesAll: boolean
  readonly webhookUrl: string
  readonly nowMs: number
  /** Since when the wanted version answers for what happens; absent while no rollout has changed anything. */
  readonly sinceMs?: number | undefined
}

const meSchema = z.object({ ok: z.literal(true), result: z.object({ is_bot: z.literal(true), username: z.string().default('') }) })
/** Bot API "WebhookInfo": `url` is empty when none is set, dates are Unix seconds. */
const webhookInfoSchema = z.object({
  ok: z.literal(true),
  result: z.object({
    url: z.string(),
    pending_update_count: z.number(),
    last_error_date: z.number().optional(),
    last_error_message: z.string().default(''),
  }),
})
type WebhookInfo = z.infer<typeof webhookInfoSchema>['result']
const refusalSchema = z.object({ ok: z.literal(false), description: z.string() })

/** Judges the bot, its webhook, and what the Worker makes of an update; only the latter tells of a version. */
export function judgeTelegram(spec: TelegramCheckSpec, facts: TelegramFacts, asked: TelegramAsked): Seen {
  const { proof, timeoutSeconds } = spec
  const { wanted } = asked
  const parts: readonly PartSeen[] = [
    providerPart('bot', read(facts.me, meSchema), ({ result }) => ({ attempt: GOOD_BOT, ...observedText(result.username === '' ? '' : `@${result.username}`) })),
    dependentPart('webhook', read(facts.webhookInfo, webhookInfoSchema), ({ result }) => judgeWebhook(spec, result, asked)),
    { name: 'update accepted', attempt: judgeExchange({ proof, timeoutSeconds, wanted }, facts.update, missOfAcceptance) },
    { name: 'wrong token refused', attempt: judgeExchange({ proof, timeoutSeconds, wanted }, facts.wrongToken, (answer) => missOfRefusal(answer, 'a wrong secret token')) },
  ]
  return { own: ownBeside(parts), parts }
}

/** Bot API "setWebhook": a status other than 2XY is an unsuccessful delivery. */
function missOfAcceptance(answer: HttpAnswer) {
  if (answer.status >= 200 && answer.status < 300) return undefined
  return { expectation: 'a status from 200 to 299 to an update', seen: describeAnswer(answer) }
}

/** Bot API "Making requests"; its server answers 401 to a token that is no bot's, and 404 to what cannot be one. */
function read<Said>(facts: HttpFacts, said: z.ZodType<Said>): ProviderSays<Said> {
  return readProvider(facts, said, ({ status }, document) => {
    return [401, 403, 404].includes(status) ? refusalSchema.safeParse(document).data?.description : undefined
  })
}

/** Deliveries are judged only where all of them reach the wanted version: else they say nothing about it. */
function judgeWebhook(spec: TelegramCheckSpec, info: WebhookInfo, asked: TelegramAsked): Omit<PartSeen, 'name'> {
  const { pending_update_count: pending } = info
  const errorMs = (info.last_error_date ?? 0) * 1000
  const isFailing = info.last_error_date !== undefined && errorMs > (asked.sinceMs ?? asked.nowMs - spec.recentErrorSeconds * 1000)
  const observed = observedText(`${pending} pending${isFailing ? ', a delivery failed' : ''}`)
  const failed = (expectation: string, seen: string) => ({ attempt: providerFailure(expectation, seen), ...observed })
  if (!isSameUrl(info.url, asked.webhookUrl)) return failed('the webhook to be the Worker\'s own address', placeOf(info.url, asked.webhookUrl))
  if (asked.servesAll && isFailing) {
    const agoSeconds = Math.max(0, Math.round((asked.nowMs - errorMs) / 1000))
    return failed('every update to be delivered', excerpt(`Telegram failed to deliver one ${agoSeconds} s ago: ${info.last_error_message}`))
  }
  // What waits during a rollout may be what the version before has left.
  if (asked.servesAll && asked.sinceMs === undefined && pending > spec.maxPending) return failed(`at most ${spec.maxPending} pending updates`, `${pending} pending`)
  return { attempt: GOOD_BOT, ...observed }
}

function isSameUrl(one: string, other: string): boolean {
  return URL.canParse(one) && new URL(one).href === new URL(other).href
}

/** Never the whole address: people put the bot's token into its path. */
function placeOf(seen: string, wanted: string): string {
  if (!URL.canParse(seen)) return 'no webhook is set'
  const { host } = new URL(seen)
  return host === new URL(wanted).host ? `another path at ${excerpt(host)}` : `an address at ${excerpt(host)}`
}
