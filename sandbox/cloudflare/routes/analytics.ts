import { executeSync, GraphQLError, parse, validate, type ExecutionResult, type GraphQLResolveInfo } from 'graphql'
import { z } from 'zod'
import type { Answer } from '../../world.ts'
import { invocationRows } from '../analytics/invocations.ts'
import { analyticsSchema } from '../analytics/schema.ts'
import { SandboxGap } from '../gap.ts'
import { bodyOf, type Call, type Route } from '../route.ts'
import { holds } from '../tokens.ts'

export const analyticsRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/graphql',
    needs: 'any-token',
    answer(call) {
      const { query } = bodyOf(call, z.strictObject({ query: z.string(), variables: z.strictObject({}).optional() }))
      const { data, errors: [error] = [] } = resultOf(call, query)
      if (error?.originalError instanceof SandboxGap) throw error.originalError
      return error === undefined ? { status: 200, body: { data, errors: null } } : refused(call, error)
    },
  },
]

function resultOf(call: Call, query: string): ExecutionResult {
  try {
    const document = parse(query)
    const errors = validate(analyticsSchema, document)
    return errors.length > 0 ? { errors } : executeSync({ schema: analyticsSchema, document, rootValue: { viewer: { accounts: accountsOf(call) } } })
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] }
    throw error
  }
}

/** Docs "GraphQL error responses": whatever is wrong with a query is told with HTTP 200. */
function refused({ plane }: Call, { message, path, extensions }: GraphQLError): Answer {
  return { status: 200, body: { data: null, errors: [{ message, path: path ?? null, extensions: { ...extensions, timestamp: plane.world.now().toISOString() } }] } }
}

const filterSchema = z.object({ filter: z.object({ accountTag: z.string() }) })

/** To whoever has Account Analytics: Read, on the account that is named. */
function accountsOf({ token, plane }: Call) {
  return (args: unknown) => {
    const { accountTag } = filterSchema.parse(args).filter
    if (!holds(token, 'account-analytics:read') || accountTag !== plane.account.id) throw new GraphQLError('not authorized for that account', { extensions: { code: 'authz' } })
    return [{ workersInvocationsAdaptive: (filters: unknown, _: unknown, { fieldNodes: [field] }: GraphQLResolveInfo) => (field === undefined ? [] : invocationRows(plane.telemetry, filters, field)) }]
  }
}
