import type { z } from 'zod'
import type { HttpAnswer, HttpFacts } from './answer.ts'
import { describeAnswer, excerpt, parseDocument } from './expectations.ts'
import type { Attempt } from './result.ts'
import type { PartSeen } from './seen.ts'

// What Telegram, Discord and Slack say of a bot. It is about the bot, never about a version of the Worker.

/** An answer of a chat service's own API, read by what its docs say. */
export type ProviderSays<Said> =
  | { readonly kind: 'said'; readonly said: Said }
  | { readonly kind: 'token-refused'; readonly why: string }
  /** Down, too busy, or not as its docs have it. */
  | { readonly kind: 'unreadable'; readonly why: string }

/** Decodes a success by its schema; `refusalOf` gives the service's own words when it refuses the token. */
export function readProvider<Said>(facts: HttpFacts, said: z.ZodType<Said>, refusalOf: (answer: HttpAnswer, document: unknown) => string | undefined): ProviderSays<Said> {
  if (facts.kind !== 'answer') return { kind: 'unreadable', why: silenceOf(facts) }
  const document = parseDocument(facts)
  const refusal = refusalOf(facts, document)
  if (refusal !== undefined) return { kind: 'token-refused', why: excerpt(refusal) }
  const read = facts.status === 200 ? said.safeParse(document) : undefined
  if (read?.success === true) return { kind: 'said', said: read.data }
  if (facts.status !== 429) return { kind: 'unreadable', why: describeAnswer(facts) }
  return { kind: 'unreadable', why: `too many requests, to be asked again in ${excerpt(facts.headers['retry-after'] ?? 'an untold number of')} s` }
}

function silenceOf(facts: Exclude<HttpFacts, HttpAnswer>): string {
  switch (facts.kind) {
    case 'timed-out':
      return `no answer within ${facts.limitMs / 1000} s`
    case 'no-answer':
      return excerpt(facts.message)
    case 'stopped':
      return 'stopped before an answer'
  }
}

/**
 * A part that a provider answers. One that cannot be read is told and blamed on nobody: an outage of a chat
 * service must roll no good version back.
 */
export function providerPart<Said>(name: string, says: ProviderSays<Said>, judge: (said: Said) => Omit<PartSeen, 'name'>): PartSeen {
  switch (says.kind) {
    case 'said':
      return { name, ...judge(says.said) }
    case 'token-refused':
      return { name, attempt: providerFailure('the token to be taken', says.why) }
    case 'unreadable':
      return { name, attempt: { kind: 'unreachable', seen: says.why }, isOptional: true }
  }
}

/** The same for another call with a token that a part of its own judges already: one broken token is told once. */
export function dependentPart<Said>(name: string, says: ProviderSays<Said>, judge: (said: Said) => Omit<PartSeen, 'name'>): PartSeen {
  const told: ProviderSays<Said> = says.kind === 'token-refused' ? { kind: 'unreadable', why: 'the bot\'s token is refused' } : says
  return providerPart(name, told, judge)
}

/** Broken in production, whichever version serves; the baseline's own result settles whom to blame. */
export function providerFailure(expectation: string, seen: string): Attempt {
  return { kind: 'failed', expectation, seen, isProven: true }
}

const LONGEST_OBSERVED = 60

export function observedText(text: string): { readonly observed?: string } {
  return text === '' ? {} : { observed: text.slice(0, LONGEST_OBSERVED).toWellFormed() }
}

/** All is well with the bot, which says nothing of a version. */
export const GOOD_BOT: Attempt = { kind: 'unproven', about: 'surroundings' }

/** The check itself beside its parts: who answered, if one of them tells; what is broken they say themselves. */
export function ownBeside(parts: readonly PartSeen[]): Attempt {
  const attempts = parts.map(({ attempt }) => attempt)
  return attempts.find(({ kind }) => kind === 'passed') ?? attempts.find((one) => one.kind === 'unproven' && one.about === undefined) ?? GOOD_BOT
}

const REFUSALS: readonly number[] = [401, 403]

/** What a request that nobody may send is answered, if not by a refusal. */
export function missOfRefusal(answer: HttpAnswer, to: string) {
  return REFUSALS.includes(answer.status) ? undefined : { expectation: `status 401 or 403 to ${to}`, seen: describeAnswer(answer) }
}
