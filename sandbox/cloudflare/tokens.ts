import type { IncomingRequest, World } from '../world.ts'
import { missingToken, permissionMissing, unknownToken } from './errors.ts'
import { hexId } from './state.ts'

/** The permissions of the docs page "API token permissions" that the sandbox tells apart; an edit includes its read. */
export const permissions = [
  'workers-scripts:read',
  'workers-scripts:edit',
  'workers-routes:edit',
  'workers-kv:read',
  'workers-kv:edit',
  'workers-r2:read',
  'workers-r2:edit',
  'queues:edit',
  'containers:edit',
  'account-settings:read',
  'memberships:read',
  'user-details:read',
  'workers-observability:edit',
  'account-analytics:read',
] as const

export type Permission = (typeof permissions)[number]

export interface Token {
  readonly id: string
  readonly value: string
  /** A user's token is verified under `/user`, an account's own under `/accounts/:id` (docs "Account API tokens"). */
  readonly owner: 'user' | 'account'
  readonly email: string
  readonly permissions: readonly Permission[]
  readonly status: 'active' | 'disabled' | 'expired'
}

export interface TokenOptions {
  readonly owner?: Token['owner']
  readonly email?: string
  readonly permissions?: readonly Permission[]
  readonly status?: Token['status']
}

export interface Tokens {
  add(value: string, options?: TokenOptions): void
  /** The token of the request's Authorization header, or the refusal. */
  of(request: IncomingRequest): Token
}

export function createTokens(world: World): Tokens {
  const byValue = new Map<string, Token>()
  return {
    add(value, options = {}) {
      byValue.set(value, {
        id: hexId(world),
        value,
        owner: options.owner ?? 'user',
        email: options.email ?? 'deploys@example.com',
        permissions: options.permissions ?? permissions,
        status: options.status ?? 'active',
      })
    },
    of(request) {
      const value = bearer(request)
      if (value === undefined) throw missingToken()
      const token = byValue.get(value)
      if (token === undefined || token.status !== 'active') throw unknownToken()
      return token
    },
  }
}

/** What follows `Bearer ` in the Authorization header. */
export function bearer(request: IncomingRequest): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
}

export function demand(token: Token, needed: Permission): void {
  if (!holds(token, needed)) throw permissionMissing()
}

export function holds(token: Token, needed: Permission): boolean {
  const edit: string = needed.replace(':read', ':edit')
  return token.permissions.some((held) => held === needed || held === edit)
}
