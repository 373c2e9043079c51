import { z } from 'zod'
import type { Answer } from '../../world.ts'
import { parseQuery, type Field } from '../analytics/document.ts'
import { invocationRows } from '../analytics/invocations.ts'
import { analyticsSchema } from '../analytics/schema.ts'
import { QueryError } from '../analytics/tokens.ts'
import { readSchema, validate } from '../analytics/validation.ts'
import { bodyOf, type Call, type Route } from '../route.ts'
import { holds } from '../tokens.ts'

const schema = readSchema(analyticsSchema)

export const analyticsRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/graphql',
    needs: 'any-token',
    answer(call) {
      const { query } = bodyOf(call, z.strictObject({ query: z.string(), variables: z.strictObject({}).optional() }))
      try {
        const fields = parseQuery(query)
        validate(schema, fields)
        if (!seesAnalytics(call, fields)) return refused(call, 'not authorized for that account', ['viewer', 'accounts', '0'])
        return { status: 200, body: { data: dataOf(call, fields), errors: null } }
      } catch (error) {
        if (error instanceof QueryError) return refused(call, error.message)
        throw error
      }
    },
  },
]

/** Docs "GraphQL error responses": whatever is wrong with a query is told with HTTP 200. */
function refused({ plane }: Call, message: string, path: readonly string[] | null = null): Answer {
  const extensions = { timestamp: plane.world.now().toISOString(), ...(path === null ? {} : { code: 'authz' }) }
  return { status: 200, body: { data: null, errors: [{ message, path, extensions }] } }
}

/** Account Analytics: Read, on the account that is named. */
function seesAnalytics({ token, plane }: Call, fields: readonly Field[]): boolean {
  const accounts = fields.flatMap(({ selection }) => selection)
  return holds(token, 'account-analytics:read') && accounts.every((account) => tagOf(account) === plane.account.id)
}

function tagOf({ args }: Field): string | undefined {
  const filter = args.get('filter')
  const tag = filter?.kind === 'object' ? filter.fields.get('accountTag') : undefined
  return tag?.kind === 'string' ? tag.value : undefined
}

function dataOf(call: Call, fields: readonly Field[]): unknown {
  const accountOf = ({ selection }: Field) => objectOf(selection, (dataSet) => invocationRows(call.plane.telemetry, dataSet))
  return objectOf(fields, (viewer) => objectOf(viewer.selection, (account) => [accountOf(account)]))
}

function objectOf(fields: readonly Field[], of: (field: Field) => unknown): unknown {
  return Object.fromEntries(fields.map((field) => [field.alias, of(field)]))
}
