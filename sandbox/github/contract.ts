import formats from 'ajv-formats'
import { readFileSync } from 'node:fs'
import { OpenAPIBackend, type Document, type Operation } from 'openapi-backend'
import { z } from 'zod'
import type { Answer, IncomingRequest } from '../world.ts'

/** One operation of GitHub's OpenAPI, as a request named it. */
export interface Matched {
  readonly operationId: string
  readonly params: Readonly<Record<string, string>>
  readonly operation: Operation
}

/** GitHub's published OpenAPI as the judge of both sides: what clients ask, and what the sandbox answers. */
export interface Contract {
  match(request: IncomingRequest): Matched | undefined
  /** What the request breaks; empty when it is allowed. */
  requestProblems(request: IncomingRequest, matched: Matched): readonly string[]
  answerProblems(matched: Matched, answer: Answer): readonly string[]
}

const documentSchema = z.custom<Document>((value) => typeof value === 'object' && value !== null)
const paramsSchema = z.record(z.string(), z.string())
const problemSchema = z.array(
  z.looseObject({ instancePath: z.string(), message: z.string().optional(), params: z.record(z.string(), z.unknown()) }),
)
const errorBody = z.looseObject({ message: z.string(), documentation_url: z.string(), status: z.string() })

/** What any operation may answer, listed there or not (docs "Troubleshooting the REST API"). */
const generalErrors = [401, 403, 404, 409, 422, 429]

let opened: Promise<Contract> | undefined

/** Stateless, and slow to compile: every sandbox of one process shares it. */
export function openContract(): Promise<Contract> {
  return (opened ??= compiled())
}

async function compiled(): Promise<Contract> {
  const definition = documentSchema.parse(JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')))
  const api = new OpenAPIBackend({
    definition,
    quick: true,
    ajvOpts: { strict: false },
    customizeAjv(ajv) {
      formats.default(ajv)
      // GitHub declares `format: uri` with the default "": an absent link of a deployment status is "".
      return ajv.addFormat('uri', (text: string) => text === '' || URL.canParse(text))
    },
  })
  await api.init()
  return {
    match(request) {
      const operation = api.matchOperation(asked(request))
      if (operation?.operationId === undefined) return undefined
      const params = paramsSchema.parse(api.router.parseRequest(asked(request), operation).params)
      return { operationId: operation.operationId, operation, params }
    },
    requestProblems: (request, { operation }) => sentences(api.validator.validateRequest(asked(request), operation)),
    answerProblems({ operation }, answer) {
      const { status, body } = answer
      if (operation.responses?.[status] === undefined) return undocumented(status, body)
      return body === undefined ? [] : sentences(api.validator.validateResponse(body, operation, status))
    },
  }
}

function asked(request: IncomingRequest) {
  const body = request.body.length === 0 ? {} : { body: request.body.toString('utf8') }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value ?? '']))
  const path = request.path.replace(/^(\/repos\/[^/]+\/[^/]+\/git\/ref\/)(.+)$/, encodedRef)
  return { method: request.method, path, headers, query: Object.fromEntries(request.query), ...body }
}

/** GitHub takes `git/ref/heads/main` as it stands; a path template takes one segment. */
const encodedRef = (_: string, start: string, ref: string) => start + encodeURIComponent(decodeURIComponent(ref))

function sentences(result: { readonly valid: boolean; readonly errors?: unknown }): readonly string[] {
  if (result.valid) return []
  return problemSchema.parse(result.errors).map(({ instancePath, message = 'is wrong', params }) => {
    const detail = [params.additionalProperty, params.allowedValues].filter((part) => part !== undefined)
    const where = instancePath === '' ? '' : `${instancePath} `
    return `${where}${message}${detail.length === 0 ? '' : ` (${detail.map(String).join(', ')})`}`
  })
}

function undocumented(status: number, body: unknown): readonly string[] {
  if (!generalErrors.includes(status)) return [`status ${status} is not one that GitHub gives here`]
  return errorBody.safeParse(body).success ? [] : ['the body is not one of GitHub\'s errors']
}
