import { afterEach, beforeEach } from 'vitest'
import { noEdge, startCloudflare, type Cloudflare as Sandbox } from '../../sandbox/cloudflare/control-plane.ts'
import type { Invocation } from '../../sandbox/cloudflare/telemetry/columns.ts'
import { createTelemetry, type Telemetry } from '../../sandbox/cloudflare/telemetry/telemetry.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { versionIdSchema } from '../../src/core/schemas.ts'
import type { Clock } from '../../src/shell/clock.ts'
import type { Fetch } from '../../src/shell/http.ts'
import { connectAccountApi, type AccountApi, type AccountApiOptions } from '../../src/shell/metrics/account-api.ts'
import type { Counted, CountQuestion, Interval, Prepared } from '../../src/shell/metrics/source.ts'

// Sources of counts against the sandbox's Cloudflare: one Worker, events that a test makes up, and a clock that it sets.

export const accountId = 'c'.repeat(32)
export const token = 'a-token-that-nobody-may-see'
export const script = 'ferry'
export const candidate = versionIdSchema.parse('11111111-1111-4111-8111-111111111111')
export const baseline = versionIdSchema.parse('22222222-2222-4222-8222-222222222222')

/** When the interval of all questions begins; it is a minute long. */
export const START = Date.parse('2026-11-23T12:00:00Z')
export const interval: Interval = { fromMs: START, toMs: START + 60_000 }

export let world: World
export let sandbox: Sandbox
export let telemetry: Telemetry
/** Every pause that a source made, in seconds; it moves the clock. */
export let pauses: number[]
let nowMs: number

/** An account with a Worker whose `observability` is this. */
export function withWorker(observability: unknown = { enabled: true }): void {
  beforeEach(async () => {
    nowMs = START
    pauses = []
    world = createWorld()
    telemetry = createTelemetry({ now: () => nowMs })
    sandbox = await startCloudflare(world, { edge: { ...noEdge, telemetry }, accountId, token })
    await upload(observability)
  })
  afterEach(() => sandbox[Symbol.asyncDispose]())
}

/** So many seconds after the interval's end. */
export function setTime(secondsAfterEnd: number): void {
  nowMs = interval.toMs + secondsAfterEnd * 1000
}

export const clock: Clock = {
  now: () => nowMs,
  async sleep(seconds) {
    pauses.push(seconds)
    nowMs += seconds * 1000
  },
}

export function connectApi(changes: Partial<AccountApiOptions> = {}): AccountApi {
  return connectAccountApi({ apiBaseUrl: sandbox.apiBaseUrl, accountId, token, clock, ...changes })
}

/** An API that answers all requests alike. */
export function answering(body: unknown, status = 200): AccountApi {
  const answer = typeof body === 'string' ? body : JSON.stringify(body)
  return connectApi({ fetch: async () => new Response(answer, { status }) })
}

/** The sandbox's answers, changed on the way. */
export function changing(change: (body: string, url: string) => string): AccountApi {
  const altered: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    return new Response(change(await response.text(), url), { status: response.status })
  }
  return connectApi({ fetch: altered })
}

export const question: CountQuestion = { script, candidate, baseline, interval, sinceMs: START, thresholds: {} }

/** Spreads so many invocations evenly over the interval, or over another that begins so many seconds after its start. */
export function serve(count: number, change: Partial<Invocation> = {}, { from = 0, seconds = 60 } = {}): void {
  for (let index = 0; index < count; index += 1) {
    const atMs = START + Math.floor(1000 * (from + (seconds * index) / count))
    telemetry.record({ scriptName: script, versionId: baseline, durationMs: 5, outcome: 'ok', status: 200, ...change, atMs })
  }
}

/** What comes after the interval: a sign that its own requests have arrived. */
export const serveLater = () => serve(1, {}, { from: 60, seconds: 1 })

export async function upload(observability: unknown): Promise<void> {
  const body = new FormData()
  body.set('metadata', JSON.stringify({ main_module: 'index.js', compatibility_date: '2026-01-01', ...(observability === undefined ? {} : { observability }) }))
  body.set('index.js', new File(['export default { fetch: () => new Response("hello") }'], 'index.js', { type: 'application/javascript+module' }))
  const path = `/accounts/${accountId}/workers/scripts/${script}?excludeScript=true`
  const answer = await fetch(sandbox.apiBaseUrl + path, { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body })
  if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`)
}

/** What is not known, in the source's words; counts are shown as they are. */
export function wordsOf(answer: Counted | Prepared): string {
  if (answer.kind === 'unknown' || answer.kind === 'silent') return answer.message
  return answer.kind === 'refused' ? `${answer.problem} -> ${answer.remedy}` : JSON.stringify(answer)
}
