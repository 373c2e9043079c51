// Makes sandbox/github/openapi.json: the part of GitHub's published OpenAPI that the sandbox serves.
// The whole description is 13 MB in a package of 385 MB, so a clone carries this extract instead.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const source = '@octokit/openapi@23.0.2'
const target = new URL('../sandbox/github/openapi.json', import.meta.url)

const operations = new Set([
  'actions/create-workflow-dispatch',
  'actions/get-workflow',
  'actions/get-workflow-run',
  'actions/get-workflow-run-attempt',
  'actions/list-jobs-for-workflow-run',
  'actions/list-jobs-for-workflow-run-attempt',
  'actions/list-repo-workflows',
  'actions/list-workflow-runs',
  'actions/list-workflow-runs-for-repo',
  'checks/create',
  'checks/get',
  'checks/list-for-ref',
  'checks/update',
  'git/get-ref',
  'issues/create-comment',
  'issues/delete-comment',
  'issues/get-comment',
  'issues/list-comments',
  'issues/update-comment',
  'rate-limit/get',
  'repos/compare-commits-with-basehead',
  'repos/create-commit-status',
  'repos/create-deployment',
  'repos/create-deployment-status',
  'repos/delete-deployment',
  'repos/get',
  'repos/get-combined-status-for-ref',
  'repos/get-commit',
  'repos/get-deployment',
  'repos/get-deployment-status',
  'repos/get-environment',
  'repos/list-commit-statuses-for-ref',
  'repos/list-deployment-statuses',
  'repos/list-deployments',
  'repos/list-pull-requests-associated-with-commit',
  'users/get-authenticated',
])

/** What no validator reads. */
const prose = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'title',
  'deprecated',
  'x-github',
])

type Json = null | boolean | number | string | Json[] | JsonObject
interface JsonObject {
  [name: string]: Json
}

const jsonObject = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
const jsonValue = z.custom<Json>(() => true)
const jsonOf = (text: string): Json => jsonValue.parse(JSON.parse(text))
const operationSchema = z.looseObject({ operationId: z.string(), requestBody: jsonObject.optional(), responses: jsonObject })
const documentSchema = z.looseObject({
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.record(z.string(), z.record(z.string(), jsonObject)),
})
type OpenApi = z.infer<typeof documentSchema>

function published(): OpenApi {
  const folder = mkdtempSync(join(tmpdir(), 'github-openapi-'))
  try {
    // `npm pack` downloads the archive without installing it: no scripts, one file taken out.
    run('npm', ['pack', '--silent', '--pack-destination', folder, source], folder)
    run('sh', ['-c', 'tar -xzf *.tgz package/generated/api.github.com.json'], folder)
    return documentSchema.parse(JSON.parse(readFileSync(join(folder, 'package/generated/api.github.com.json'), 'utf8')))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function run(command: string, argv: readonly string[], folder: string): void {
  const result = spawnSync(command, argv, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (result.status !== 0) throw new Error(`${command} ${argv.join(' ')} ended with ${result.status}`)
}

function wantedPaths(document: OpenApi): JsonObject {
  const paths: JsonObject = {}
  for (const [path, methods] of Object.entries(document.paths)) {
    const kept = Object.entries(methods).flatMap(([method, value]): [string, Json][] => {
      const operation = operationSchema.safeParse(value)
      if (!operation.success || !operations.delete(operation.data.operationId)) return []
      const parsed = jsonObject.parse(value)
      const { parameters = [], requestBody } = parsed
      const judged = { ...parsed, parameters: textual(parameters), ...closedBody(requestBody) }
      return [[method, withoutProse(normalised(judged))]]
    })
    if (kept.length > 0) paths[path] = Object.fromEntries(kept)
  }
  if (operations.size > 0) throw new Error(`not in ${source}: ${[...operations].join(', ')}`)
  return paths
}

/** In an address everything is text, and a number fits "integer" and "string" alike: one of several is enough. */
function textual(parameters: Json): Json {
  return jsonOf(JSON.stringify(parameters).replaceAll('"oneOf":', '"anyOf":'))
}

function closedBody(requestBody: Json | undefined): JsonObject {
  const body = jsonObject.safeParse(requestBody)
  if (!body.success) return {}
  const content = jsonObject.parse(body.data.content)
  const json = jsonObject.parse(content['application/json'])
  return { requestBody: { ...body.data, content: { 'application/json': { ...json, schema: closed(json.schema ?? {}) } } } }
}

/** GitHub ignores a field that it does not know, so a misspelt one passes unseen; here it does not. */
function closed(schema: Json): Json {
  const parsed = jsonObject.safeParse(schema)
  if (!parsed.success) return schema
  const { properties, items } = parsed.data
  const closedItems = items === undefined ? {} : { items: closed(items) }
  if (properties === undefined) return { ...parsed.data, ...closedItems }
  const fields = Object.entries(jsonObject.parse(properties)).map(([name, field]): [string, Json] => [name, closed(field)])
  return { ...parsed.data, ...closedItems, properties: Object.fromEntries(fields), additionalProperties: false }
}

/** OpenAPI 3.0's `nullable` in the words of JSON Schema: ajv refuses it where no `type` stands beside it. */
function normalised(value: Json): Json {
  if (Array.isArray(value)) return value.map(normalised)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, ...rest } = value
  const inner = Object.fromEntries(Object.entries(rest).map(([name, part]): [string, Json] => [name, normalised(part)]))
  return nullable === true ? { anyOf: [inner, { type: 'null' }] } : inner
}

function withoutProse(value: Json, holdsNames = false): Json {
  if (Array.isArray(value)) return value.map((part) => withoutProse(part))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => holdsNames || !prose.has(name))
  return Object.fromEntries(
    kept.map(([name, part]): [string, Json] => [name, withoutProse(part, !holdsNames && name === 'properties')]),
  )
}

/** All that the paths refer to, and all that those refer to. */
function referredComponents(document: OpenApi, paths: JsonObject): JsonObject {
  const components: Record<string, JsonObject> = {}
  const open: Json[] = [paths]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    for (const [, kind = '', name = ''] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      const found = document.components[kind]?.[name]
      if (found === undefined) throw new Error(`nothing at #/components/${kind}/${name}`)
      const group = (components[kind] ??= {})
      if (group[name] !== undefined) continue
      const component = withoutProse(normalised(kind === 'parameters' ? textual(found) : found))
      group[name] = component
      open.push(component)
    }
  }
  for (const name of ['basic-error', 'validation-error']) {
    const schemas = (components.schemas ??= {})
    schemas[name] ??= withoutProse(normalised(document.components.schemas?.[name] ?? {}))
  }
  return components
}

const document = published()
const paths = wantedPaths(document)
const extract = {
  openapi: '3.0.3',
  info: {
    title: `GitHub REST API, from ${source} (MIT), by scripts/filter-github-openapi.ts`,
    version: document.info.version,
  },
  paths,
  components: referredComponents(document, paths),
}
writeFileSync(target, `${JSON.stringify(extract)}\n`)
console.log(`${Object.keys(paths).length} paths, ${Math.round(JSON.stringify(extract).length / 1024)} KiB`)
