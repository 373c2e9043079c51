import { createServer, type IncomingHttpHeaders } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { portOf } from '../../sandbox/world.ts'
import { riseBetween, type CounterReading } from '../../src/core/metrics/counter-rise.ts'
import { fillTemplate, problemOfTemplate } from '../../src/core/metrics/counter-template.ts'
import type { PrometheusSourceSpec } from '../../src/core/metrics/prometheus-spec.ts'
import { versionIdSchema } from '../../src/core/schemas.ts'
import { prometheusSource } from '../../src/inputs/metrics/prometheus.ts'
import { connectPrometheus } from '../../src/shell/metrics/prometheus.ts'
import { guarded } from '../../src/shell/metrics/guarded-source.ts'
import type { Clock } from '../../src/shell/clock.ts'
import { ANOTHER, WANTED } from '../core/check-samples.ts'

const CANDIDATE = versionIdSchema.parse(WANTED)
const BASELINE = versionIdSchema.parse(ANOTHER)
const NOW = Date.UTC(2026, 10, 23, 14)
const FROM = NOW - 120_000
const TO = NOW - 60_000
const TOKEN = 'tell-nobody-0123456789'
const question = { script: 'shop', candidate: CANDIDATE, baseline: BASELINE, interval: { fromMs: FROM, toMs: TO }, sinceMs: FROM, thresholds: {} }

const TOTAL = 'sum(requests_total{script="{{script}}",version="{{version}}"})'
const BAD = 'sum(failed_total{script="{{script}}",version="{{version}}"}) or vector(0)'

/** The second at which the candidate's counter had its first sample, where it began within the interval. */
const FIRST = FROM + 15_000

/** What a query is worth at a moment: a number, an own body, or no answer at all. */
type Answer = number | string | undefined | { readonly status?: number; readonly body: unknown } | { readonly hangsUp: true }
type World = (asked: { readonly name: 'total' | 'bad' | 'resets' | 'first'; readonly version: 'candidate' | 'baseline'; readonly atMs: number; readonly query: string }) => Answer

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

const vector = (atMs: number, ...values: string[]) => ({ status: 'success', data: { resultType: 'vector', result: values.map((value, index) => ({ metric: { pod: String(index) }, value: [atMs / 1000, value] })) } })

/** A server that speaks the query API, in dreamt time. */
async function stage(world: World, over: Record<string, unknown> = {}, dreamtNow = NOW) {
  const requests: { path: string; query: string; time: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    const [query, time] = [url.searchParams.get('query') ?? '', url.searchParams.get('time') ?? '']
    requests.push({ path: url.pathname, query, time, headers: request.headers })
    const atMs = Math.round(Number(time) * 1000)
    const name = query.startsWith('resets(') ? 'resets' : query.startsWith('min_over_time(') ? 'first' : query.includes('failed_total') ? 'bad' : 'total'
    const answer = world({ name, version: query.includes(CANDIDATE) ? 'candidate' : 'baseline', atMs, query })
    if (typeof answer === 'object' && 'hangsUp' in answer) return void request.socket.destroy()
    const { status = 200, body } = typeof answer === 'object' ? answer : { body: answer === undefined ? vector(atMs) : vector(atMs, String(answer)) }
    response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  closing.push(() => { server.closeAllConnections(); server.close() })
  const clock: Clock = { now: () => dreamtNow, sleep: () => Promise.resolve() }
  const spec: PrometheusSourceSpec = prometheusSource.parse({ kind: 'prometheus', url: `http://127.0.0.1:${portOf(server)}/prom`, token: TOKEN, metrics: [{ name: 'errors', total: TOTAL, bad: BAD }], ...over })
  return { source: guarded(connectPrometheus(spec, { clock, signal: new AbortController().signal, tries: 2 })), requests }
}

const count = async (world: World, over: Record<string, unknown> = {}) => (await stage(world, over)).source.count(question)
const prepare = async (world: World, over: Record<string, unknown> = {}, script = 'shop') => (await stage(world, over)).source.prepare({ script, baseline: BASELINE, nowMs: NOW })

/** The candidate serves 100 requests in the interval and fails 7; the baseline serves 900 and fails 2. */
const USUAL: World = ({ name, version, atMs }) => {
  const isEnd = atMs >= TO
  if (name === 'resets') return 0
  if (name === 'total') return version === 'candidate' ? (isEnd ? 105 : 5) : isEnd ? 50_900 : 50_000
  return version === 'candidate' ? (isEnd ? 8 : 1) : isEnd ? 42 : 40
}
/** The usual world, but for one of its answers. */
const but = (when: Partial<Parameters<World>[0]>, answer: Answer): World => (asked) =>
  (Object.entries(when).every(([key, value]) => Object.entries(asked).some(([name, seen]) => name === key && seen === value)) ? answer : USUAL(asked))

/** The same as scalars, which no subquery takes. */
const SCALAR: World = (asked) => {
  const value = USUAL(asked)
  if (asked.name === 'resets') return asked.query.startsWith('resets((vector(') ? 0 : { status: 400, body: { status: 'error', errorType: 'bad_data', error: 'subquery is only allowed on instant vector' } }
  return { body: { status: 'success', infos: ['fine'], data: { resultType: 'scalar', result: [asked.atMs / 1000, Number(value).toExponential()] } } }
}

describe('counts from Prometheus', () => {
  it('are the rise of raw counters from the interval\'s start to its end', async () => {
    const { source, requests } = await stage(USUAL, { headers: { 'X-Scope-OrgID': 'shop' } })
    expect(await source.count(question)).toEqual({ kind: 'ok', metrics: { errors: { candidate: { total: 100, bad: 7 }, baseline: { total: 900, bad: 2 } } } })
    expect(requests.every(({ path, headers }) => path === '/prom/api/v1/query' && headers.authorization === `Bearer ${TOKEN}` && headers['x-scope-orgid'] === 'shop')).toBe(true)
    const queries = requests.map(({ query, time }) => `${query} @ ${Number(time) * 1000 === FROM ? 'start' : 'end'}`)
    expect([...new Set(queries)].toSorted()).toEqual([CANDIDATE, BASELINE].flatMap((version) => [TOTAL, BAD].flatMap((template) => {
      const query = template.replace('{{script}}', 'shop').replace('{{version}}', version)
      return [`${query} @ start`, `${query} @ end`, `resets(((\n${query}\n))[60s:15s]) @ end`]
    })).toSorted())
  })

  it('come from a scalar too, and from text in any notation of floats', async () => {
    expect(await count(SCALAR)).toMatchObject({ kind: 'ok', metrics: { errors: { candidate: { total: 100, bad: 7 } } } })
  })

  it('keep what one metric can tell when another cannot', async () => {
    const metrics = [{ name: 'errors', total: TOTAL, bad: BAD }, { name: 'slow', kind: 'latency', total: TOTAL, bad: 'sum(slow_total{version="{{version}}"})' }]
    expect(await count((asked) => (asked.query.includes('slow_total') ? undefined : USUAL(asked)), { metrics })).toEqual({ kind: 'ok', metrics: { errors: expect.anything() } })
  })

  it.each<[string, World, RegExp]>([
    ['the baseline has no sample at the start', but({ name: 'total', version: 'baseline', atMs: FROM }, undefined), /total of bbbbbbbb.*no sample at the start/],
    ['the candidate has none at the end any more', but({ name: 'total', version: 'candidate', atMs: TO }, undefined), /total of cccccccc.*no sample at the end/],
    ['a series is missing or stale at the end', but({ name: 'bad', version: 'baseline', atMs: TO }, undefined), /bad of bbbbbbbb.*no sample at the end/],
    ['a value is NaN', but({ name: 'total', atMs: TO }, 'NaN'), /no sample at the end/],
    ['a value is empty', but({ name: 'total', atMs: TO }, ''), /no sample at the end/],
    ['a value is infinite', but({ name: 'total', atMs: TO }, '+Inf'), /\+Inf is no count/],
    ['a counter fell', but({ name: 'total', version: 'baseline', atMs: TO }, 12), /reset/],
    ['a counter was reset and rose past its old value', but({ name: 'resets', version: 'candidate' }, 1), /reset within the interval/],
    ['resets cannot be told', but({ name: 'resets' }, undefined), /whether the counter was reset/],
    ['a count is not whole', but({ name: 'total', atMs: TO }, '105.4'), /raw counter is wanted/],
    ['more were bad than there were in all', but({ name: 'bad', version: 'candidate', atMs: TO }, 400), /more bad requests/],
    ['several series come back', ({ atMs }) => ({ body: vector(atMs, '1', '2') }), /2 series instead of one: sum them/],
    ['a range comes back', () => ({ body: { status: 'success', data: { resultType: 'matrix', result: [] } } }), /not that of an instant query/],
    ['a number comes back where text is due', ({ atMs }) => ({ body: { status: 'success', data: { resultType: 'scalar', result: [atMs / 1000, 5] } } }), /not that of an instant query/],
    ['a part of the data was left out', ({ atMs }) => ({ body: { ...vector(atMs, '5'), warnings: ['store eu-1 is unavailable'] } }), /warning: store eu-1/],
    ['a cache answers for another time', () => ({ body: vector(FROM - 30_000, '5') }), /another time/],
    ['HTTP 200 carries an error', () => ({ body: { status: 'error', errorType: 'timeout', error: 'query timed out' } }), /timeout: query timed out/],
    ['the token is refused', () => ({ status: 401, body: `Unauthorized: ${TOKEN}` }), /HTTP 401/],
    ['the token may not', () => ({ status: 403, body: { status: 'error', errorType: 'forbidden', error: `no: ${TOKEN}` } }), /forbidden: no: \*\*\*/],
    ['the query is throttled', () => ({ status: 429, body: {} }), /HTTP 429/],
    ['the server fails', () => ({ status: 503, body: '<html>' }), /HTTP 503/],
    ['the query is wrong', () => ({ status: 400, body: { status: 'error', errorType: 'bad_data', error: `parse error near "${TOKEN}"` } }), /bad_data: parse error near "\*\*\*"/],
    ['somebody redirects', () => ({ status: 302, body: '' }), /HTTP 302/],
    ['the connection is cut', () => ({ hangsUp: true }), /the connection failed/],
  ])('are unknown where %s', async (_, world, message) => {
    const counted = await count(world)
    expect(counted).toEqual({ kind: 'unknown', message: expect.stringMatching(message) })
    expect(JSON.stringify(counted)).not.toContain(TOKEN)
  })

  it('pass over a fault that goes by', async () => {
    let left = 1
    expect(await count((asked) => (left-- > 0 ? { status: 503, body: '' } : USUAL(asked)))).toMatchObject({ kind: 'ok' })
  })

  it('are silent before the interval is complete, and unknown after the deadline', async () => {
    const { source, requests } = await stage(USUAL, {}, TO + 59_999)
    expect(await source.count(question)).toEqual({ kind: 'silent', message: 'prometheus: the interval is complete only at 2026-11-23T14:00:00.000Z' })
    expect(requests).toHaveLength(0)
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve) })
    closing.push(() => { silent.closeAllConnections(); silent.close() })
    const late = { url: `http://127.0.0.1:${portOf(silent)}` }
    expect(await count(USUAL, { ...late, deadlineSeconds: 0.1 })).toEqual({ kind: 'unknown', message: expect.stringContaining('not answered within 0.1 s') })
    expect(await count(USUAL, { ...late, timeoutSeconds: 0.1 })).toEqual({ kind: 'unknown', message: expect.stringContaining('no answer within 0.1 s') })
  })
})

describe('a candidate whose counter did not exist at the start', () => {
  const CANDIDATES: Readonly<Record<string, Readonly<Record<number, number>>>> = { total: { [FIRST]: 40, [TO]: 105 }, bad: { [FROM]: 0, [FIRST]: 1, [TO]: 8 } }
  /** By its first sample it had counted 40 already; of the baseline's 900 the first 225 fell before. */
  const YOUNG: World = ({ name, version, atMs }) => {
    if (name === 'resets') return 0
    if (name === 'first') return FIRST / 1000
    if (version === 'candidate') return CANDIDATES[name]?.[atMs]
    return name === 'total' ? 50_000 + (atMs - FROM) * 0.015 : 40
  }
  const young = (answers: World): World => (asked) => answers(asked) ?? YOUNG(asked)

  it('is counted from its first sample on, and the baseline from the same moment', async () => {
    const { source, requests } = await stage(YOUNG)
    expect(await source.count(question)).toEqual({ kind: 'ok', metrics: { errors: { candidate: { total: 65, bad: 7 }, baseline: { total: 675, bad: 0 } } } })
    const total = TOTAL.replace('{{script}}', 'shop').replace('{{version}}', CANDIDATE)
    expect(requests.map(({ query }) => query)).toContain(`min_over_time(((\ntime() + 0 * (\n${total}\n)\n))[60s:15s])`)
  })

  it('is a lull while it has no sample, or one only', async () => {
    expect(await count(({ name, version, atMs }) => (version === 'candidate' ? undefined : YOUNG({ name, version, atMs, query: '' })))).toEqual({ kind: 'silent', message: 'prometheus: errors: the candidate has no series yet' })
    expect(await count(young(({ name }) => (name === 'first' ? TO / 1000 : undefined)))).toEqual({ kind: 'silent', message: 'prometheus: errors: the candidate has only one sample yet' })
  })

  it.each<[string, Answer, RegExp]>([
    ['when it began cannot be told', { status: 200, body: { status: 'success', data: { resultType: 'vector', result: [] } } }, /when the counter began cannot be told/],
    ['it began before it was looked for', (FROM - 1000) / 1000, /another time than it was seen/],
    ['the server fails', { status: 500, body: '' }, /HTTP 500/],
  ])('is unknown where %s', async (_, answer, message) => {
    expect(await count(young(({ name }) => (name === 'first' ? answer : undefined)))).toEqual({ kind: 'unknown', message: expect.stringMatching(message) })
  })
})

describe('Prometheus while nobody asks', () => {
  it('shows a lull: no traffic, or a value that is minutes old because its target is gone', async () => {
    expect(await count(({ name }) => (name === 'resets' ? 0 : 50_000))).toEqual({ kind: 'silent', message: 'prometheus: no request of the candidate or the baseline was counted' })
    expect(await count(but({ name: 'total', version: 'candidate' }, 105))).toMatchObject({ kind: 'unknown' })
    expect(await count((asked) => (asked.version === 'candidate' && asked.name !== 'resets' ? (asked.name === 'total' ? 105 : 8) : USUAL(asked)))).toEqual({ kind: 'silent', message: 'prometheus: no request of the candidate was counted' })
  })

  it('is not asked about a baseline at 100 %', async () => {
    const { source, requests } = await stage(({ version, ...asked }) => (version === 'baseline' ? undefined : USUAL({ version, ...asked })))
    expect(await source.count({ ...question, isAlone: true })).toEqual({ kind: 'ok', metrics: { errors: { candidate: { total: 100, bad: 7 }, baseline: { total: 0, bad: 0 } } } })
    expect(requests.some(({ query }) => query.includes(BASELINE))).toBe(false)
  })
})

describe('Prometheus before the first step', () => {
  it('tells what is usual by the last hour', async () => {
    const { source, requests } = await stage(USUAL)
    expect(await source.prepare({ script: 'shop', baseline: BASELINE, nowMs: NOW })).toMatchObject({ kind: 'ok', thresholds: {}, metrics: [{ name: 'errors', kind: 'errors', unit: 'request', margin: 1, usual: { total: 900, bad: 2 } }] })
    expect(new Set(requests.map(({ time }) => Number(time) * 1000))).toEqual(new Set([TO, TO - 3_600_000]))
  })

  it('calls nothing usual where a counter is younger than an hour, and knows a slow metric\'s margin', async () => {
    const metrics = [{ name: 'slow', kind: 'latency', unit: 'user', total: TOTAL, bad: BAD }]
    const prepared = await prepare(but({ atMs: TO - 3_600_000 }, undefined), { metrics, acts: false })
    expect(prepared).toMatchObject({ kind: 'ok', metrics: [{ name: 'slow', kind: 'latency', unit: 'user', margin: 1.25, acts: false }] })
    expect(JSON.stringify(prepared)).not.toContain('usual')
  })

  it.each<[string, World, RegExp, RegExp]>([
    ['the baseline has no sample', but({ name: 'bad' }, undefined), /no sample for the live version: sum\(failed_total/, /or vector\(0\)/],
    ['the token is refused', () => ({ status: 403, body: TOKEN }), /HTTP 403/, /`token`/],
    ['the query is wrong', () => ({ status: 400, body: { status: 'error', errorType: 'bad_data', error: 'parse error' } }), /bad_data: parse error/, /Mend the query/],
    ['the server cannot be reached', () => ({ hangsUp: true }), /could not be read/, /`url`/],
  ])('is refused where %s', async (_, world, problem, remedy) => {
    const prepared = await prepare(world)
    expect(prepared).toEqual({ kind: 'refused', problem: expect.stringMatching(problem), remedy: expect.stringMatching(remedy) })
    expect(JSON.stringify(prepared)).not.toContain(TOKEN)
  })

  it('is refused for a script whose name would change the query', async () => {
    expect(await prepare(USUAL, {}, 'shop"} or vector(1)')).toMatchObject({ kind: 'refused' })
  })
})

describe('a template', () => {
  it('is filled in everywhere', () => {
    expect(fillTemplate('a{v="{{version}}"} + b{v="{{ version }}",s="{{script}}"}', { version: 'x', script: '$1' })).toBe('a{v="x"} + b{v="x",s="$1"}')
  })

  it('names the version, and takes counters as they stand', () => {
    expect(problemOfTemplate(TOTAL)).toBeUndefined()
    expect(problemOfTemplate('sum(requests_total)')).toMatch(/expected {{version}}/)
    expect(problemOfTemplate('sum(increase(x{v="{{version}}"}[5m]))')).toMatch(/without increase\(\)/)
    expect(problemOfTemplate('x{v="{{version}}",w="{{window}}"}')).toMatch(/seen: window/)
  })

  it('is judged in the file', () => {
    const metric = { name: 'errors', total: TOTAL, bad: BAD }
    const parse = (over: Record<string, unknown>) => prometheusSource.safeParse({ kind: 'prometheus', url: 'https://prom.example.com', metrics: [metric], ...over })
    expect(parse({}).data).toMatchObject({ name: 'prometheus', lagSeconds: 60, timeoutSeconds: 10, deadlineSeconds: 30, slowMargin: 1.25, metrics: [{ kind: 'errors', unit: 'request' }] })
    expect(parse({ metrics: [{ ...metric, bad: 'sum(rate(x{v="{{version}}"}[1m]))' }] }).success).toBe(false)
    expect(parse({ metrics: [metric, metric] }).success).toBe(false)
    expect(parse({ metrics: [] }).success).toBe(false)
    expect(parse({ url: 'http://prom.example.com' }).success).toBe(false)
    expect(parse({ tolerance: 1.25 }).success).toBe(false)
  })
})

const at = (value: number): CounterReading => ({ kind: 'number', value, isScalar: false })

describe('the rise of a counter', () => {
  it('forgives the rounding of floats and nothing else', () => {
    expect(riseBetween(at(0.1 + 0.2), at(5.3))).toEqual({ kind: 'ok', count: 5 })
    expect(riseBetween(at(7), at(7))).toEqual({ kind: 'ok', count: 0 })
    expect(riseBetween(at(7), at(6)).kind).toBe('unknown')
    expect(riseBetween(at(0), at(1e16)).kind).toBe('unknown')
    expect(riseBetween({ kind: 'absent' }, at(1)).kind).toBe('unknown')
  })
})
