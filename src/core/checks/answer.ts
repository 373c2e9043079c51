/** What came back of one HTTP request, as the probe saw it. */
export interface HttpAnswer {
  readonly kind: 'answer'
  readonly status: number
  /** Names in lower case; several values of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** UTF-8, invalid bytes replaced; at most the check's limit, or less where only the start is kept. */
  readonly body: string
  readonly isBodyCut: boolean
  /** A redirect, and one more than are followed. */
  readonly isEndless?: boolean
  /** Of the body as it was sent, decompressed; at most the check's limit when it was cut. */
  readonly bodyBytes?: number
  /** SHA-256 of those bytes, lower-case hexadecimal. */
  readonly bodySha256?: string
  /** Their digests that were asked for, by algorithm, in base64. */
  readonly bodyDigests?: Readonly<Record<string, string>>
  readonly durationMs: number
}

/** Everything that one request can come to; a probe never throws. */
export type HttpFacts =
  | HttpAnswer
  | { readonly kind: 'timed-out'; readonly limitMs: number; readonly durationMs: number }
  | {
      readonly kind: 'no-answer'
      readonly reason: 'refused' | 'dns' | 'tls' | 'reset' | 'invalid' | 'other'
      readonly message: string
      readonly durationMs: number
    }
  /** The rollout was told to stop while the request was under way. */
  | { readonly kind: 'stopped'; readonly durationMs: number }
