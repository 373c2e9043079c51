import type { z } from 'zod'
import type { Answer, IncomingRequest } from '../world.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Hub } from './hub.ts'
import type { Grant, Token } from './tokens.ts'

/** One request that found its operation and was allowed. */
export interface Call {
  readonly hub: Hub
  readonly request: IncomingRequest
  readonly by: Token
  readonly rateLimit: RateLimit
  param(name: string): string
  /** A numeric id in the path. */
  id(name: string): number
  query(name: string): string | null
  body<T>(schema: z.ZodType<T>): T
}

export interface Route {
  /** One of these is enough; a function when the resource decides. */
  readonly needs: readonly Grant[] | ((call: Call) => readonly Grant[])
  answer(call: Call): Answer
}

/** By operationId of GitHub's OpenAPI. */
export type Routes = Readonly<Record<string, Route>>

/** The fine-grained permission that the docs page of each operation names. */
export function grant(permission: Grant['permission'], level: Grant['level']): readonly Grant[] {
  return [{ permission, level }]
}

export const ok = (body: unknown): Answer => ({ status: 200, body })

export const created = (body: unknown): Answer => ({ status: 201, body })

export const noContent: Answer = { status: 204 }
