export type ProofSpec =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'json'; readonly path: string }
  | { readonly kind: 'none' }

export interface JsonExpectation {
  readonly path: string
  readonly equals?: unknown
  readonly matches?: string
  readonly exists?: boolean
  readonly type?: 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null'
  readonly min?: number
  readonly max?: number
}

export interface HttpCheckSpec {
  readonly kind: 'http'
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly expect: {
    readonly status: readonly number[]
    readonly headers: Readonly<Record<string, string>>
    readonly json: readonly JsonExpectation[]
    readonly bodyIncludes?: string
    readonly bodyMatches?: string
  }
  readonly proof: ProofSpec
  readonly timeoutSeconds: number
  readonly deadlineSeconds: number
}
