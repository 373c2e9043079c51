import type { Attempt } from './result.ts'
import type { CheckBasics } from './spec.ts'

/** An R2 bucket, asked through Cloudflare's API: it is there, and one small list works. */
export interface R2CheckSpec extends CheckBasics {
  readonly kind: 'r2'
  readonly bucket: string
}

/** The same for a KV namespace. */
export interface KvCheckSpec extends CheckBasics {
  readonly kind: 'kv'
  readonly namespaceId: string
}

export type StorageFacts =
  | { readonly kind: 'listed' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'denied' | 'unavailable'; readonly message: string }
  /** This run was given no token to ask with. */
  | { readonly kind: 'not-asked' }

const PERMISSIONS = { r2: 'Workers R2 Storage: Read', kv: 'Workers KV Storage: Read' } as const

/** Cloudflare's API says nothing about the version, so the best that it can come to is *unproven*. */
export function judgeStorage(spec: R2CheckSpec | KvCheckSpec, facts: StorageFacts): Attempt {
  const what = spec.kind === 'r2' ? `the bucket ${spec.bucket}` : `the namespace ${spec.namespaceId}`
  switch (facts.kind) {
    case 'listed':
      return { kind: 'unproven', about: 'surroundings' }
    case 'absent':
      return { kind: 'failed', expectation: `${what} to be there`, seen: 'Cloudflare knows no such thing in this account', isProven: true }
    case 'denied':
      return { kind: 'failed', expectation: `a token that may list ${what} (${PERMISSIONS[spec.kind]})`, seen: facts.message, isProven: true, isDefinite: true }
    case 'unavailable':
      return { kind: 'unreachable', seen: facts.message }
    case 'not-asked':
      return { kind: 'failed', expectation: 'inputs cloudflare-account-id and cloudflare-api-token', seen: 'one of them is empty', isProven: true, isDefinite: true }
  }
}
