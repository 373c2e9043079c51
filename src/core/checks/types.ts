/** Where an answer says which version gave it. */
export type ProofSpec =
  | { readonly kind: 'header'; readonly name: string }
  /** A path into the JSON body, see `json-path.ts`. */
  | { readonly kind: 'json'; readonly path: string }
  /** Written down on purpose: a pass proves no version, and every report says so. */
  | { readonly kind: 'none' }

/** What a place in a JSON body must hold; everything that is given must be met. */
export interface JsonExpectation {
  readonly path: string
  readonly equals?: unknown
  /** A regular expression for a string's text. */
  readonly matches?: string
  readonly exists?: boolean
  readonly type?: 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null'
  readonly min?: number
  readonly max?: number
}

/** One HTTP request and what its answer must be. Every kind of check has its own spec, told apart by `kind`. */
export interface HttpCheckSpec {
  readonly kind: 'http'
  /** Unique among the checks: results are compared by it. */
  readonly name: string
  readonly method: string
  /** Below the base URL's own path; may hold a query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly expect: {
    /** Any of these. */
    readonly status: readonly number[]
    /** Exact values, names in any case. */
    readonly headers: Readonly<Record<string, string>>
    readonly json: readonly JsonExpectation[]
    readonly bodyIncludes?: string
    readonly bodyMatches?: string
  }
  readonly proof: ProofSpec
  /** Of one attempt, headers and body together. */
  readonly timeoutSeconds: number
  /** Of all attempts. */
  readonly deadlineSeconds: number
}
