// Answers `GET /healthz` for any Worker: copy this one file (and healthz.d.ts, where TypeScript checks it).
// The document is application/health+json after draft-inadarei-api-health-check-06. README.md shows the lines to add.

const DEFAULT_LIMIT_MS = 2000
const DEFAULT_RETRY_SECONDS = 5
const LONGEST_OUTPUT = 500
const GRAVITY = ['fail', 'starting', 'warn', 'pass']
/** The draft knows pass, warn and fail: what is starting is a concern of its own, and fails the whole until it is ready. */
const WRITTEN_STATUS = { pass: 'pass', warn: 'warn', fail: 'fail', starting: 'warn' }

/** Examines all components side by side and answers: 200 for pass and warn, 503 for fail and for what is starting. */
export async function answerHealth(request, { components, version, token, serviceId, description }) {
  const always = { 'cache-control': 'no-store', ...(version?.id ? { 'x-version-id': version.id } : {}) }
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405, headers: { ...always, allow: 'GET, HEAD' } })
  const [isTrusted, examined] = await Promise.all([holdsToken(request, token), examineAll(components)])
  const { status, waitingFor } = judge(examined)
  const document = {
    status,
    ...(version?.tag ? { version: version.tag } : {}),
    ...(version?.id ? { releaseId: version.id } : {}),
    ...(serviceId === undefined ? {} : { serviceId }),
    ...(description === undefined ? {} : { description }),
    // Which components start is no secret: their statuses are there for all to see.
    ...(waitingFor.length === 0 ? {} : { output: `starting: ${waitingFor.map(({ key }) => key).join(', ')}` }),
    checks: checksOf(examined, isTrusted),
  }
  const retryAfter = Math.max(...waitingFor.map(({ retryAfterSeconds }) => retryAfterSeconds))
  return new Response(request.method === 'HEAD' ? null : JSON.stringify(document), {
    status: status === 'fail' ? 503 : 200,
    headers: { 'content-type': 'application/health+json', ...always, ...(waitingFor.length === 0 ? {} : { 'retry-after': String(retryAfter) }) },
  })
}

/** A Durable Object: `ask` calls it, and what it returns may hold its own `versionId`, which becomes a measurement. */
export function durableObject(ask, settings) {
  return component('call', 'component', settings, async (signal) => {
    const told = await ask(signal)
    const versionId = told?.versionId
    return versionId === undefined ? [told] : [told, { measurement: 'version', observedValue: versionId }]
  })
}

export function r2(bucket, settings) {
  return component('list', 'datastore', settings, async () => void (await bucket.list({ limit: 1 })))
}

/** Gets a key, which need not exist; without a key it lists one, which costs ten times as much as a read. */
export function kv(namespace, { key, ...settings } = {}) {
  if (key === undefined) return component('list', 'datastore', settings, async () => void (await namespace.list({ limit: 1 })))
  return component('get', 'datastore', settings, async () => void (await namespace.get(key)))
}

export function d1(database, settings) {
  return component('select', 'datastore', settings, async () => {
    const row = await database.prepare('SELECT 1 AS one').first()
    if (row?.one !== 1) throw new Error('SELECT 1 gave something else')
  })
}

/** `prove` shows that the configuration of authentication works: it imports the key, it signs and verifies. */
export function auth(prove, settings) {
  return component('check', 'component', settings, prove)
}

/** Each secret is there and not empty; a Secrets Store binding is read. The values go nowhere. */
export function secrets(env, names, settings) {
  return component('present', 'component', settings, async () => {
    const isThere = await Promise.all(names.map(async (name) => isText(typeof env[name]?.get === 'function' ? await env[name].get().catch(() => '') : env[name])))
    const missing = names.filter((_, index) => !isThere[index])
    const observed = { observedValue: names.length - missing.length, observedUnit: 'secrets' }
    return missing.length === 0 ? observed : { ...observed, status: 'fail', output: `missing: ${missing.join(', ')}` }
  })
}

/** A URL that the Worker needs: 2xx and 3xx pass, and whatever else `accepts` lists. */
export function upstream(url, { method = 'GET', headers = {}, accepts = [], ...settings } = {}) {
  return component('request', 'system', settings, async (signal) => {
    const response = await fetch(url, { method, headers, redirect: 'manual', signal })
    await response.body?.cancel()
    const isAccepted = (response.status >= 200 && response.status < 400) || accepts.includes(response.status)
    return isAccepted ? undefined : { status: 'fail', output: `status ${response.status}` }
  })
}

/**
 * The public key of a Discord application. `vector` is a request that Discord once signed for this application (timestamp,
 * body and signature, as they came): only it tells this key from another application's. Without one the key's form is checked.
 */
export function discordKey(publicKey, { vector, ...settings } = {}) {
  return component('verify', 'component', settings, async () => {
    if (!/^[0-9a-f]{64}$/i.test(publicKey ?? '')) throw new Error('the public key is not 64 hexadecimal digits')
    const key = await crypto.subtle.importKey('raw', fromHex(publicKey), 'Ed25519', false, ['verify'])
    const { timestamp, body, signature } = vector ?? { timestamp: '0', body: '', signature: '0'.repeat(128) }
    const fits = await crypto.subtle.verify('Ed25519', key, fromHex(signature), new TextEncoder().encode(timestamp + body))
    if (vector === undefined) return { observedValue: 'well-formed' }
    return fits ? { observedValue: 'verified' } : { status: 'fail', output: 'the signature does not fit the public key' }
  })
}

/** Anything else: it passes unless `look` throws, returns false, or returns a finding that says otherwise. */
export function custom(look, settings) {
  return component('check', 'component', settings, look)
}

/** What a component returns that is not ready yet, and no failure. */
export function starting(output, retryAfterSeconds = DEFAULT_RETRY_SECONDS) {
  return { status: 'starting', output, retryAfterSeconds }
}

function component(measurement, componentType, settings, ask) {
  return { measurement, componentType, ...settings, ask }
}

async function examineAll(components) {
  const examined = await Promise.all(Object.entries(components).map(([name, one]) => examine(name, one ?? {})))
  return examined.flat()
}

/** Never rejects: whatever a component does, the others are told. */
async function examine(name, { ask, limitMs = DEFAULT_LIMIT_MS, isOptional = false, measurement = 'check', componentType = 'component' }) {
  const startedAtMs = Date.now()
  const findings = await askWithin(limitMs, ask)
    .then((told) => (Array.isArray(told) ? told : [told]).map(findingOf))
    .catch((error) => [{ status: 'fail', output: inWords(error) }])
  // In a Worker clocks stand still while code runs: this is the time that was spent waiting.
  const took = { observedValue: Date.now() - startedAtMs, observedUnit: 'ms' }
  const [componentName] = name.split(':')
  const time = new Date().toISOString()
  return findings.map((finding) => {
    const key = finding.measurement === undefined && name.includes(':') ? name : `${componentName}:${finding.measurement ?? measurement}`
    return { ...(finding.observedValue === undefined ? { ...finding, ...took } : finding), key, isOptional, componentId: componentName, componentType, time }
  })
}

/** The signal ends what heeds it; what does not is left behind. */
async function askWithin(limitMs, ask) {
  const tooLate = new AbortController()
  let timer
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${limitMs} ms`))
      tooLate.abort()
    }, limitMs)
  })
  try {
    return await Promise.race([Promise.resolve(tooLate.signal).then((signal) => ask(signal)), limit])
  } finally {
    clearTimeout(timer)
  }
}

function findingOf(told) {
  if (told === undefined || told === null || told === true) return { status: 'pass' }
  if (told === false) return { status: 'fail' }
  if (typeof told !== 'object') return { status: 'pass', observedValue: plain(told) }
  const { status = 'pass', measurement, observedValue, observedUnit, output, retryAfterSeconds } = told
  if (!GRAVITY.includes(status)) return { status: 'fail', output: `the unknown status ${inWords(status)}` }
  const seconds = Number.isFinite(retryAfterSeconds) && retryAfterSeconds > 0 ? Math.ceil(retryAfterSeconds) : DEFAULT_RETRY_SECONDS
  return {
    status,
    ...(measurement === undefined ? {} : { measurement: inWords(measurement) }),
    ...(observedValue === undefined ? {} : { observedValue: plain(observedValue) }),
    ...(observedUnit ? { observedUnit: inWords(observedUnit) } : {}),
    ...(output === undefined ? {} : { output: inWords(output) }),
    ...(status === 'starting' ? { retryAfterSeconds: seconds } : {}),
  }
}

/** A failure outweighs what is starting: who waits for a Worker must not wait for one that will not come. */
function judge(examined) {
  const required = examined.filter(({ isOptional }) => !isOptional)
  if (required.some(({ status }) => status === 'fail')) return { status: 'fail', waitingFor: [] }
  const waitingFor = required.filter(({ status }) => status === 'starting')
  if (waitingFor.length > 0) return { status: 'fail', waitingFor }
  return { status: examined.every(({ status }) => status === 'pass') ? 'pass' : 'warn', waitingFor }
}

/** What fails comes first: reports show the beginning of a long document. */
function checksOf(examined, isTrusted) {
  const checks = new Map()
  for (const one of examined.toSorted((left, right) => GRAVITY.indexOf(left.status) - GRAVITY.indexOf(right.status))) {
    const status = WRITTEN_STATUS[one.status]
    checks.set(one.key, [...(checks.get(one.key) ?? []), isTrusted ? { status, ...detailsOf(one) } : { status }])
  }
  return Object.fromEntries(checks)
}

function detailsOf({ componentId, componentType, status, time, observedValue, observedUnit, output }) {
  const text = status === 'starting' ? `starting: ${output ?? 'not ready yet'}` : output
  return {
    componentId,
    componentType,
    observedValue,
    ...(observedUnit === undefined ? {} : { observedUnit }),
    time,
    ...(status === 'pass' || text === undefined ? {} : { output: text }),
  }
}

/** Compares digests of one length, all of it, so that the time taken tells nothing about the token. */
async function holdsToken(request, token) {
  const given = /^Bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (!isText(token) || given === undefined) return false
  const [one, other] = await Promise.all([given, token].map(async (text) => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))))
  return one.reduce((difference, byte, index) => difference | (byte ^ other[index]), 0) === 0
}

function isText(value) {
  return typeof value === 'string' && value !== ''
}

function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** What JSON can hold. */
function plain(value) {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    return inWords(value)
  }
}

function inWords(value) {
  try {
    return String(value instanceof Error ? value.message : value).slice(0, LONGEST_OUTPUT)
  } catch {
    return 'something that has no words'
  }
}
