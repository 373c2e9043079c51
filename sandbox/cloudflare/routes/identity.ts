import { tokenNotVerified } from '../errors.ts'
import { ok, type Call, type Route } from '../route.ts'
import type { Token } from '../tokens.ts'

/** Who the token is and what it may see: `wrangler whoami` asks all of these (4.164.0). */
export const identityRoutes: readonly Route[] = [
  { method: 'GET', path: '/user/tokens/verify', needs: 'any-token', answer: (call) => verified(call, 'user') },
  {
    method: 'GET',
    path: '/accounts/:account/tokens/verify',
    needs: 'any-token',
    answer: (call) => verified(call, 'account'),
  },
  {
    method: 'GET',
    path: '/user',
    needs: 'user-details:read',
    answer: (call) => ok({ id: call.token.id, email: call.token.email }),
  },
  {
    method: 'GET',
    path: '/accounts',
    needs: 'account-settings:read',
    query: ['page', 'per_page'],
    answer: (call) => ok([accountView(call)], { info: { page: 1, per_page: 20, count: 1, total_count: 1, total_pages: 1 } }),
  },
  {
    method: 'GET',
    path: '/accounts/:account',
    needs: 'account-settings:read',
    answer: (call) => ok(accountView(call)),
  },
  {
    method: 'GET',
    path: '/memberships',
    needs: 'memberships:read',
    query: ['page', 'per_page'],
    answer(call) {
      const membership = { id: call.token.id, status: 'accepted', account: accountView(call), roles: ['Administrator'] }
      return ok([membership], { info: { page: 1, per_page: 20, count: 1, total_count: 1, total_pages: 1 } })
    },
  },
]

/** Docs "Account API tokens": a token that an account owns is verified under the account, not under `/user`. */
function verified({ token }: Call, owner: Token['owner']) {
  if (token.owner !== owner) throw tokenNotVerified()
  return ok({ id: token.id, status: token.status })
}

function accountView(call: Call) {
  return { id: call.plane.account.id, name: 'Sandbox', type: 'standard', settings: {} }
}
