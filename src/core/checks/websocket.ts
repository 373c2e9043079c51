import type { HttpAnswer, HttpFacts } from './answer.ts'
import { judgeExchange } from './exchange.ts'
import { describeAnswer, excerpt, firstMiss, parseDocument, type JsonExpectation, type Miss } from './expectations.ts'
import { readProof } from './proof.ts'
import type { Seen } from './seen.ts'
import type { CheckBasics } from './spec.ts'

/** What a message must be; everything that is given must be met by one of them. */
export interface MessageExpectation {
  readonly text?: string | undefined
  readonly matches?: string | undefined
  readonly json: readonly JsonExpectation[]
  /** From the opening; the check's own limit stands over it. */
  readonly withinSeconds?: number | undefined
}

/** A WebSocket is opened, used and closed. */
export interface WebSocketCheckSpec extends CheckBasics {
  readonly kind: 'websocket'
  /** Below the base URL's own path; may hold a query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly protocols: readonly string[]
  readonly send?: string | readonly string[] | undefined
  /** Absent: no message is waited for, unless it is the proof. */
  readonly expect?: MessageExpectation | undefined
  /** Whether our close frame must be answered. */
  readonly closes: boolean
}

/** How the time between opening and closing ended. */
export type HearingEnd =
  | { readonly kind: 'enough' }
  | { readonly kind: 'silent'; readonly limit: 'message' | 'attempt' }
  | { readonly kind: 'hung-up'; readonly code: number; readonly reason: string }
  | { readonly kind: 'too-many'; readonly most: number }
  /** Not WebSocket as RFC 6455 has it, or more than may be read. */
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'stopped' }

/** Whether the peer answered our close frame, and with which code. */
export type Closing = { readonly kind: 'answered'; readonly code: number } | { readonly kind: 'unanswered' } | { readonly kind: 'not-tried' }

export type SocketFacts =
  /** An HTTP answer instead of a WebSocket, or none. */
  | { readonly kind: 'not-opened'; readonly exchange: HttpFacts }
  | {
      readonly kind: 'opened'
      /** Of the handshake's answer, names in lower case. */
      readonly headers: Readonly<Record<string, string>>
      readonly openMs: number
      readonly durationMs: number
      /** Of the whole attempt. */
      readonly limitMs: number
      readonly end: HearingEnd
      readonly closing: Closing
    }

/** What the messages so far came to; keeps none of them but the one that proves a version. */
export interface Hearing {
  readonly count: number
  readonly isMet: boolean
  readonly proving?: string
  readonly last?: string
  readonly lastMiss?: Miss
}

export function beginHearing({ expect }: WebSocketCheckSpec): Hearing {
  return { count: 0, isMet: expect === undefined }
}

export function hear({ expect, proof }: WebSocketCheckSpec, before: Hearing, message: string): Hearing {
  const answer = asAnswer({}, message)
  const document = parseDocument(answer)
  const doesProve = before.proving === undefined && proof.kind === 'json' && readProof(proof, answer, document) !== undefined
  const miss = before.isMet || expect === undefined ? undefined : missOfMessage(expect, answer, document)
  return {
    ...before,
    count: before.count + 1,
    isMet: miss === undefined,
    last: excerpt(message),
    ...(doesProve ? { proving: message } : {}),
    ...(miss === undefined ? {} : { lastMiss: miss }),
  }
}

/** Whether nothing more need be waited for. */
export function isEnough({ proof }: WebSocketCheckSpec, { isMet, proving }: Hearing): boolean {
  return isMet && (proof.kind !== 'json' || proving !== undefined)
}

/** Judges the handshake like any answer of the Worker, then what was said, then how it was closed. */
export function judgeWebSocket(spec: WebSocketCheckSpec, facts: SocketFacts, hearing: Hearing, wanted: string | undefined): Seen {
  const asked = { proof: spec.proof, timeoutSeconds: spec.timeoutSeconds, wanted }
  if (facts.kind === 'not-opened') return { own: judgeExchange(asked, facts.exchange, missOfHandshake), parts: [] }
  const cutShort = cutShortBy(spec, facts, hearing.isMet)
  if (cutShort !== undefined) return { own: { kind: 'unreachable', seen: cutShort }, parts: [] }
  const own = judgeExchange(asked, asAnswer(facts.headers, hearing.proving ?? '', facts.durationMs), () => missOfHearing(spec, facts.end, hearing) ?? missOfClosing(spec, facts.closing))
  if (own.kind === 'wrong-version' || own.kind === 'blocked') return { own, parts: [] }
  return { own, parts: [{ name: 'open', attempt: own.kind === 'passed' ? own : { kind: 'unproven', about: 'surroundings' }, observed: `${facts.openMs} ms` }] }
}

type Opened = Extract<SocketFacts, { kind: 'opened' }>

/** An attempt that the rollout or the round's deadline ended says little about the Worker. */
export function cutShortBy({ closes, timeoutSeconds }: Pick<WebSocketCheckSpec, 'closes' | 'timeoutSeconds'>, { end, closing, limitMs }: Opened, isMet: boolean): string | undefined {
  if (end.kind === 'stopped') return 'stopped before it was closed'
  if (limitMs >= timeoutSeconds * 1000) return undefined
  if (end.kind === 'silent' && end.limit === 'attempt' && !isMet) return 'no such message before the deadline'
  return closes && closing.kind === 'unanswered' ? 'not closed before the deadline' : undefined
}

export function missOfHandshake(answer: HttpAnswer): Miss {
  return { expectation: 'status 101: a WebSocket', seen: describeAnswer(answer) }
}

function missOfMessage({ text, matches, json }: MessageExpectation, answer: HttpAnswer, document: unknown): Miss | undefined {
  return firstMiss({ status: [answer.status], headers: {}, json, text, matches }, answer, document)
}

function missOfHearing({ expect, timeoutSeconds }: WebSocketCheckSpec, end: HearingEnd, { count, isMet, last, lastMiss }: Hearing): Miss | undefined {
  if (end.kind === 'broken') return { expectation: 'a sound WebSocket', seen: excerpt(end.message) }
  if (isMet) return undefined
  const heard = count === 0 ? 'no message' : `${count} ${count === 1 ? 'message' : 'messages'}, the last one: ${last ?? ''}`
  const within = `within ${expect?.withinSeconds ?? timeoutSeconds} s`
  return { expectation: `a message as expected ${within}${lastMiss === undefined ? '' : ` (${lastMiss.expectation})`}`, seen: `${heard}${endInWords(end)}` }
}

export function endInWords(end: HearingEnd): string {
  switch (end.kind) {
    case 'hung-up':
      return `; then it hung up with code ${end.code}${end.reason === '' ? '' : `: ${excerpt(end.reason)}`}`
    case 'too-many':
      return `; more than ${end.most} are not read`
    case 'broken':
      return `; then ${excerpt(end.message)}`
    case 'enough':
    case 'silent':
    case 'stopped':
      return ''
  }
}

/** RFC 6455, 7.4.1: codes of a peer that went wrong; 1005 is a frame without a code, and those from 3000 are the application's. */
const UNCLEAN: readonly number[] = [1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]

export function missOfClosing({ closes }: Pick<WebSocketCheckSpec, 'closes'>, closing: Closing): Miss | undefined {
  if (!closes || closing.kind === 'not-tried') return undefined
  const expectation = 'our close frame to be answered'
  if (closing.kind === 'unanswered') return { expectation, seen: 'no close frame, so the connection was dropped' }
  return UNCLEAN.includes(closing.code) ? { expectation: `${expectation} without an error`, seen: `code ${closing.code}` } : undefined
}

/** Proof is read from a handshake and a message as from the headers and the body of one answer. */
export function asAnswer(headers: Readonly<Record<string, string>>, body: string, durationMs = 0): HttpAnswer {
  return { kind: 'answer', status: 101, headers, body, isBodyCut: false, durationMs }
}
