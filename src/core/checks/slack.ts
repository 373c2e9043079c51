import { z } from 'zod'
import type { HttpAnswer, HttpFacts } from './answer.ts'
import { judgeExchange } from './exchange.ts'
import { describeAnswer, parseDocument } from './expectations.ts'
import { GOOD_BOT, missOfRefusal, observedText, ownBeside, providerPart, readProvider, type ProviderSays } from './provider.ts'
import type { PartSeen, Seen } from './seen.ts'
import type { CheckBasics } from './spec.ts'

/** A Slack app; its Events URL, where it has one, is the Worker's. */
export interface SlackCheckSpec extends CheckBasics {
  readonly kind: 'slack'
  readonly botToken: string
  /** Of an app in Socket Mode. */
  readonly appToken?: string | undefined
  readonly events?: SlackEvents | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly apiBaseUrl: string
}

export interface SlackEvents {
  /** Below the base URL's own path. */
  readonly path: string
  readonly signingSecret: string
  /** Whether a right signature that is older than five minutes must be refused too. */
  readonly refusesStale: boolean
}

/** What each request came to. */
export interface SlackFacts {
  readonly authTest: HttpFacts
  readonly connectionsOpen?: HttpFacts
  readonly events?: {
    readonly challenge: string
    readonly verified: HttpFacts
    readonly forged: HttpFacts
    readonly stale?: HttpFacts
  }
}

const authTestSchema = z.object({ ok: z.literal(true), user_id: z.string(), user: z.string().default('') })
const connectionsOpenSchema = z.object({ ok: z.literal(true), url: z.string() })
const errorSchema = z.object({ ok: z.literal(false), error: z.string() })
const challengeSchema = z.object({ challenge: z.string() })

/** Docs "auth.test" and "apps.connections.open": what is wrong with a token. The others are Slack's own troubles. */
const TOKEN_ERRORS: ReadonlySet<string> = new Set([
  'access_denied',
  'account_inactive',
  'app_not_found',
  'enterprise_is_restricted',
  'forbidden_team',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
  'two_factor_setup_required',
])

/** Judges the tokens, and how the Worker takes events; only the latter tells of a version. */
export function judgeSlack(spec: SlackCheckSpec, facts: SlackFacts, wanted: string | undefined): Seen {
  const { connectionsOpen, events } = facts
  const parts: readonly PartSeen[] = [
    providerPart('bot', read(facts.authTest, authTestSchema), ({ user }) => ({ attempt: GOOD_BOT, ...observedText(user) })),
    ...(connectionsOpen === undefined ? [] : [providerPart('app token', read(connectionsOpen, connectionsOpenSchema), () => ({ attempt: GOOD_BOT }))]),
    ...(events === undefined ? [] : judgeEvents(spec, events, wanted)),
  ]
  return { own: ownBeside(parts), parts }
}

function judgeEvents({ proof, timeoutSeconds }: SlackCheckSpec, { challenge, verified, forged, stale }: NonNullable<SlackFacts['events']>, wanted: string | undefined): readonly PartSeen[] {
  const asked = { proof, timeoutSeconds, wanted }
  const refused = (facts: HttpFacts, to: string) => judgeExchange(asked, facts, (answer) => missOfRefusal(answer, to))
  return [
    { name: 'events verified', attempt: judgeExchange(asked, verified, (answer) => missOfChallenge(answer, challenge)) },
    { name: 'bad signature refused', attempt: refused(forged, 'a wrong signature') },
    ...(stale === undefined ? [] : [{ name: 'stale timestamp refused', attempt: refused(stale, 'a signature from six minutes ago') }]),
  ]
}

/** Docs "Using the Slack Web API", Evaluating responses: an error is a 200 with `ok: false`. */
function read<Said>(facts: HttpFacts, said: z.ZodType<Said>): ProviderSays<Said> {
  return readProvider(facts, said, (_, document) => {
    const error = errorSchema.safeParse(document).data?.error
    return error !== undefined && TOKEN_ERRORS.has(error) ? error : undefined
  })
}

/** Docs "url_verification event": the challenge comes back as plain text, a form's field, or JSON's. */
function missOfChallenge(answer: HttpAnswer, challenge: string) {
  if (answer.status !== 200) return { expectation: 'status 200 to a signed url_verification', seen: describeAnswer(answer) }
  return challengeIn(answer) === challenge ? undefined : { expectation: 'the challenge of a signed url_verification', seen: describeAnswer(answer) }
}

function challengeIn(answer: HttpAnswer): string | undefined {
  const [type = ''] = (answer.headers['content-type'] ?? '').split(';')
  switch (type.trim().toLowerCase()) {
    case 'text/plain':
      return answer.body.trim()
    case 'application/x-www-form-urlencoded':
      return new URLSearchParams(answer.body).get('challenge') ?? undefined
    case 'application/json':
      return challengeSchema.safeParse(parseDocument(answer)).data?.challenge
  }
  return undefined
}
