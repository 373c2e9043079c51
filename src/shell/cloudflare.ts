import { z } from 'zod'
import type { DeploymentId, VersionId } from '../core/ids.ts'
import type { History, Split } from '../core/production.ts'
import type { Read, Written } from './answers.ts'
import type { Clock } from './clock.ts'
import { asRead, asReadOfOne, asWritten, isWorthRepeating } from './cloudflare/answer-meaning.ts'
import {
  createdDeploymentSchema,
  historySchema,
  secretsSchema,
  serviceSchema,
  tokenSchema,
  versionSchema,
  versionsSchema,
  type ScriptFacts,
  type VersionFacts,
  type VersionSummary,
} from './cloudflare/api-shapes.ts'
import { sendOnce, sendRepeatedly, type Fetch, type JsonAnswer, type JsonRequest, type Transport } from './http.ts'

export type { ScriptFacts, VersionFacts, VersionSummary } from './cloudflare/api-shapes.ts'

export const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4'

export interface SplitWrite {
  readonly split: Split
  /** Becomes `workers/message`; begins with the marker. At most 1,000 bytes, Cloudflare cuts the rest. */
  readonly message: string
  /** Deploys a version although secrets have changed since it was made (code 10220). */
  readonly force: boolean
  /** Durable Objects take up the code at once, instead of when they are idle or after `OBJECT_UPDATE_SECONDS`. */
  readonly immediate: boolean
}

/** Settings of the Worker as a whole, which no version carries. */
export interface ScriptSettings {
  readonly observability?: unknown
  readonly logpush?: boolean
  readonly tail_consumers?: readonly unknown[]
}

/** Cloudflare's API for one account. Reads are repeated here; `writeSplit` never is. Nothing throws. */
export interface Cloudflare {
  /** `absent`: there is no such Worker. */
  history(script: string): Promise<Read<History>>
  version(script: string, id: VersionId): Promise<Read<VersionFacts>>
  /** Newest first as Cloudflare orders them: all that can be deployed, or else the newest hundred. */
  versions(script: string, asked: { readonly deployableOnly: boolean }): Promise<Read<readonly VersionSummary[]>>
  /** Sends one request, whatever comes of it: only the rollout may decide to write again. */
  writeSplit(script: string, write: SplitWrite): Promise<Written<{ readonly deploymentId: DeploymentId }>>
  /** `status` is `active` for a usable token; asks for user tokens first, then for the account's. */
  verifyToken(): Promise<Read<{ readonly status: string }>>
  script(script: string): Promise<Read<ScriptFacts>>
  /** Secrets of the newest version, whether deployed or not. */
  secretNames(script: string): Promise<Read<readonly string[]>>
  /** The first objects of an R2 bucket, to see whether it answers (API reference "List Objects"). */
  listBucket(name: string): Promise<Read<unknown>>
  /** The first keys of a KV namespace (API reference "List a Namespace's Keys": ten is the least). */
  listNamespace(id: string): Promise<Read<unknown>>
  /** Sets what is given and leaves the rest; repeated like a read, since it sets the same values again. */
  applyScriptSettings(script: string, settings: ScriptSettings): Promise<Written<void>>
}

export interface CloudflareOptions {
  readonly apiBaseUrl: string
  readonly accountId: string
  readonly token: string
  readonly clock: Clock
  readonly fetch?: Fetch
  /** Of one repeated request. */
  readonly tries?: number
  /** Of one try. */
  readonly timeoutMs?: number
}

/** Connects nothing yet: the first call does. */
export function connectCloudflare(options: CloudflareOptions): Cloudflare {
  const { clock, token } = options
  const transport: Transport = { fetch: options.fetch ?? fetch, clock, timeoutMs: options.timeoutMs ?? 15_000, tries: options.tries ?? 5 }
  const base = options.apiBaseUrl.replace(/\/+$/, '')
  const account = `/accounts/${encodeURIComponent(options.accountId)}`
  const worker = (script: string) => `${account}/workers/scripts/${encodeURIComponent(script)}`

  async function send(method: JsonRequest['method'], path: string, body?: unknown): Promise<JsonAnswer> {
    if (!/^[\x21-\x7e]+$/.test(token)) return MALFORMED_TOKEN
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'sleepwell' }
    const request: JsonRequest = { method, url: base + path, headers, ...(body === undefined ? {} : { body }) }
    if (method === 'POST') return sendOnce(request, transport)
    return sendRepeatedly(request, transport, isWorthRepeating)
  }
  const read = async <Value>(path: string, schema: z.ZodType<Value>) => hidden(asRead(await send('GET', path), schema), token)

  return {
    history: (script) => read(`${worker(script)}/deployments`, historySchema),
    version: async (script, id) =>
      hidden(asReadOfOne(await send('GET', `${worker(script)}/versions/${id}`), versionSchema), token),
    versions: (script, { deployableOnly }) =>
      read(`${worker(script)}/versions?${deployableOnly ? 'deployable=true' : 'per_page=100'}`, versionsSchema),
    async writeSplit(script, write) {
      const query = write.force ? '?force=true' : ''
      const answer = await send('POST', `${worker(script)}/deployments${query}`, deploymentOf(write))
      return hidden(asWritten(answer, createdDeploymentSchema), token)
    },
    async verifyToken() {
      const asUser = await read('/user/tokens/verify', tokenSchema)
      return asUser.kind === 'ok' || asUser.kind === 'unavailable' ? asUser : read(`${account}/tokens/verify`, tokenSchema)
    },
    script: (script) => read(`${account}/workers/services/${encodeURIComponent(script)}`, serviceSchema),
    secretNames: (script) => read(`${worker(script)}/secrets`, secretsSchema),
    listBucket: async (name) => hidden(asReadOfOne(await send('GET', `${account}/r2/buckets/${encodeURIComponent(name)}/objects?per_page=1`), z.unknown()), token),
    listNamespace: async (id) => hidden(asReadOfOne(await send('GET', `${account}/storage/kv/namespaces/${encodeURIComponent(id)}/keys?limit=10`), z.unknown()), token),
    async applyScriptSettings(script, settings) {
      const answer = await send('PATCH', `${worker(script)}/script-settings`, settings)
      return hidden(asWritten(answer, z.unknown().transform(() => undefined)), token)
    },
  }
}

/** Sent, since what Cloudflare does without it is not documented. Wrangler gives 300; checks wait for it. */
const OBJECT_UPDATE_SECONDS = 60

/** API reference "Create a deployment"; `code_update_strategy` as wrangler 4.164.0 sends it. */
function deploymentOf({ split, message, immediate }: SplitWrite) {
  return {
    strategy: 'percentage',
    versions: split.map((share) => ({ version_id: share.versionId, percentage: share.percentage })),
    annotations: { 'workers/message': message },
    code_update_strategy: immediate ? { mode: 'immediate' } : { mode: 'deferred', max_delay: OBJECT_UPDATE_SECONDS },
  }
}

/** Never sent: a header cannot carry it, and what `fetch` throws then would quote it. */
const MALFORMED_TOKEN: JsonAnswer = {
  kind: 'json',
  status: 403,
  body: { success: false, errors: [{ code: 10_000, message: 'The API token is empty, or holds a space or a line break.' }] },
}

/** Nothing that Cloudflare or a proxy says may carry the token on into a log. */
function hidden<Answer extends Read<unknown> | Written<unknown>>(answer: Answer, token: string): Answer {
  if (!('message' in answer) || token === '' || !answer.message.includes(token)) return answer
  return { ...answer, message: answer.message.replaceAll(token, '***') }
}
