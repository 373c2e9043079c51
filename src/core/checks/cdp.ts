import { z } from 'zod'
import type { HttpFacts } from './answer.ts'
import { judgeExchange, type Asked } from './exchange.ts'
import { describeAnswer, excerpt, parseDocument, type Miss } from './expectations.ts'
import type { Attempt } from './result.ts'
import type { Seen } from './seen.ts'
import type { CheckBasics } from './spec.ts'
import { asAnswer, cutShortBy, endInWords, missOfHandshake, type SocketFacts } from './websocket.ts'

/** A browser that speaks the Chrome DevTools Protocol. */
export interface CdpCheckSpec extends CheckBasics {
  readonly kind: 'cdp'
  /** An address of its own, or a path below the base URL's; one that ends in `/json/version` is asked where the browser is. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
}

/** All that is ever said to the browser. */
export const GET_VERSION = JSON.stringify({ id: 1, method: 'Browser.getVersion' })

/** Whether the Worker stands between us and the browser. */
export function isBelowBase({ endpoint }: CdpCheckSpec): boolean {
  return endpoint.startsWith('/')
}

export function needsLookUp({ endpoint }: CdpCheckSpec): boolean {
  return /\/json\/version\/?(?:\?|$)/.test(endpoint)
}

const versionDocumentSchema = z.object({ webSocketDebuggerUrl: z.string() })

/** Path and query of the browser's WebSocket; its host is not used, since it is often one that only the browser itself knows. */
export function debuggerPathIn(facts: HttpFacts): string | undefined {
  if (facts.kind !== 'answer' || facts.status !== 200) return undefined
  const address = versionDocumentSchema.safeParse(parseDocument(facts)).data?.webSocketDebuggerUrl
  return /^wss?:\/\/[^/?#]+(\/[^\s#]*)$/.exec(address ?? '')?.[1]
}

/** What the browser has said so far. */
export interface BrowserSays {
  readonly count: number
  readonly product?: string
  readonly problem?: string
}

const answerSchema = z.object({
  id: z.literal(1),
  result: z.object({ product: z.string() }).optional().catch(undefined),
  error: z.object({ message: z.string() }).optional().catch(undefined),
})

export function hearBrowser({ count }: BrowserSays, message: string): BrowserSays {
  const heard = { count: count + 1 }
  const answer = answerSchema.safeParse(parseDocument(asAnswer({}, message))).data
  // Events may come before it.
  if (answer === undefined) return heard
  const product = answer.result?.product.trim() ?? ''
  return product === '' ? { ...heard, problem: excerpt(answer.error?.message ?? message) } : { ...heard, product }
}

export function hasAnswered({ product, problem }: BrowserSays): boolean {
  return product !== undefined || problem !== undefined
}

/** Judges the look-up of the browser, where there was one that led nowhere. */
export function judgeLookUp(spec: CdpCheckSpec, facts: HttpFacts, wanted: string | undefined): Attempt {
  const judged = judgeExchange(askedOf(spec, wanted), facts, (answer) => ({ expectation: 'status 200 and a webSocketDebuggerUrl', seen: describeAnswer(answer) }))
  return aboutOf(spec, judged)
}

/** Judges the WebSocket and the answer; a browser with an address of its own knows no version of the Worker. */
export function judgeBrowser(spec: CdpCheckSpec, facts: SocketFacts, says: BrowserSays, wanted: string | undefined): Seen {
  const asked = askedOf(spec, wanted)
  if (facts.kind === 'not-opened') return { own: aboutOf(spec, judgeExchange(asked, facts.exchange, missOfHandshake)), parts: [] }
  const cutShort = cutShortBy({ ...spec, closes: false }, facts, says.product !== undefined)
  if (cutShort !== undefined) return { own: { kind: 'unreachable', seen: cutShort }, parts: [] }
  const own = aboutOf(spec, judgeExchange(asked, asAnswer(facts.headers, '', facts.durationMs), () => missOfAnswer(spec, facts, says)))
  if (says.product === undefined || own.kind === 'wrong-version' || own.kind === 'blocked') return { own, parts: [] }
  return { own, parts: [{ name: 'product', attempt: own.kind === 'passed' ? own : { kind: 'unproven', about: 'surroundings' }, observed: says.product.slice(0, LONGEST_OBSERVED).toWellFormed() }] }
}

const LONGEST_OBSERVED = 60

function askedOf(spec: CdpCheckSpec, wanted: string | undefined): Asked {
  const { proof, timeoutSeconds } = spec
  return isBelowBase(spec) ? { proof, timeoutSeconds, wanted } : { proof: { kind: 'none' }, timeoutSeconds, wanted: undefined }
}

function aboutOf(spec: CdpCheckSpec, attempt: Attempt): Attempt {
  return attempt.kind === 'unproven' && !isBelowBase(spec) ? { kind: 'unproven', about: 'surroundings' } : attempt
}

function missOfAnswer({ timeoutSeconds }: CdpCheckSpec, { end }: Extract<SocketFacts, { kind: 'opened' }>, { count, product, problem }: BrowserSays): Miss | undefined {
  if (product !== undefined) return undefined
  const expectation = `an answer with a product to Browser.getVersion within ${timeoutSeconds} s`
  if (problem !== undefined) return { expectation, seen: problem }
  return { expectation, seen: `${count === 0 ? 'no message' : `${count} other ${count === 1 ? 'message' : 'messages'}`}${endInWords(end)}` }
}

/** Where the browser is, for people: addresses of browser services hold tokens in their paths and queries. */
export function browserAt({ endpoint }: CdpCheckSpec, baseHost: string): string {
  return endpoint.startsWith('/') ? `CDP at ${baseHost}${endpoint.replace(/\?[^]*/, '')}` : `CDP at ${/^\w+:\/\/([^/?#]*)/.exec(endpoint)?.[1] ?? ''}`
}

