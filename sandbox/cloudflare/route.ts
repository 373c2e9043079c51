import type { z } from 'zod'
import type { Answer, IncomingRequest } from '../world.ts'
import type { AssetSessions } from './assets.ts'
import { decoded } from './gap.ts'
import type { Author, Plane } from './state.ts'
import type { Permission, Token } from './tokens.ts'

/** One request that found its route, with what its answer needs. */
export interface Call {
  readonly plane: Plane
  readonly assets: AssetSessions
  readonly request: IncomingRequest
  readonly token: Token
  readonly author: Author
  /** The value of a `:name` in the route's path. */
  param(name: string): string
}

export interface Route {
  readonly method: string
  /** Under /client/v4; `:name` stands for one segment, `:account` for the sandbox's own account. */
  readonly path: string
  /** `asset-session`: no API token, but the token of an upload session. */
  readonly needs: Permission | 'any-token' | 'asset-session'
  /** The query parameters that the sandbox knows; any other is an error. */
  readonly query?: readonly string[]
  answer(call: Call): Answer | Promise<Answer>
}

/** Cloudflare's envelope around a result. */
export function ok(result: unknown, options: { status?: number; info?: unknown } = {}): Answer {
  const info = options.info === undefined ? {} : { result_info: options.info }
  return { status: options.status ?? 200, body: { success: true, errors: [], messages: [], result, ...info } }
}

/** The request's JSON body; what the schema does not know is an error. */
export function bodyOf<T>(call: Call, schema: z.ZodType<T>): T {
  const json: unknown = JSON.parse(call.request.body.toString('utf8'))
  return decoded(`the body of ${call.request.method} ${call.request.path}`, schema.safeParse(json))
}

/** One page as `page` and `per_page` ask for it, with the `result_info` of the docs page "Pagination". */
export function pageOf<T>(items: readonly T[], query: URLSearchParams, perPageDefault = 10) {
  const page = positive(query.get('page'), 1)
  const perPage = positive(query.get('per_page'), perPageDefault)
  const shown = items.slice((page - 1) * perPage, page * perPage)
  return {
    shown,
    info: {
      page,
      per_page: perPage,
      count: shown.length,
      total_count: items.length,
      total_pages: Math.ceil(items.length / perPage),
    },
  }
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : otherwise
}
