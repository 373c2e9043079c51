import { DurableObject } from 'cloudflare:workers'
import { answerHealth, auth, custom, d1, discordKey, durableObject, kv, r2, secrets, starting, upstream } from './healthz.js'

// A Worker for the tests of healthz.js; the header `scenario` picks what it is made of.

export class Counter extends DurableObject {
  async health(mood) {
    if (mood === 'broken') throw new Error('the table is gone')
    if (mood === 'silent') await new Promise(() => undefined)
    if (mood === 'booting') return { status: 'starting', output: 'reads its index', retryAfterSeconds: 7, versionId: this.env.VERSION.id }
    return { versionId: this.env.VERSION.id, observedValue: 42, observedUnit: 'visits' }
  }
}

const never = () => new Promise(() => undefined)
const counter = (env, mood, settings) => durableObject(() => env.COUNTER.getByName('a').health(mood), settings)

const scenarios = {
  all: (env) => ({
    counter: counter(env),
    files: r2(env.FILES),
    cache: kv(env.CACHE, { key: 'healthz' }),
    sessions: kv(env.CACHE),
    orders: d1(env.ORDERS),
    auth: auth(async () => void (await crypto.subtle.importKey('raw', new Uint8Array(32), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']))),
    secrets: secrets(env, ['API_KEY', 'STORED']),
    payments: upstream(env.UPSTREAM),
    discord: discordKey(env.DISCORD_PUBLIC_KEY, { vector: env.DISCORD_VECTOR }),
    mail: custom(() => ({ observedValue: 3, observedUnit: 'messages' })),
    'search:index': custom(() => 'warm'),
  }),
  'all broken': (env) => ({
    counter: counter(env, 'broken'),
    files: r2(env.ABSENT),
    cache: kv(env.ABSENT, { key: 'healthz' }),
    orders: d1(env.ABSENT),
    auth: auth(() => false),
    secrets: secrets(env, ['API_KEY', 'ABSENT', 'EMPTY', 'UNREADABLE']),
    payments: upstream(`${env.UPSTREAM}/broken`),
    unreachable: upstream('http://127.0.0.1:1'),
    discord: discordKey(env.DISCORD_PUBLIC_KEY, { vector: { ...env.DISCORD_VECTOR, body: '{"type":2}' } }),
    mail: custom(() => { throw new Error('relay said 550') }),
    well: custom(() => undefined),
  }),
  slow: (env) => ({
    counter: counter(env, 'silent', { limitMs: 100 }),
    files: r2(env.FILES),
    payments: upstream(`${env.UPSTREAM}/silent`, { limitMs: 100 }),
    never: custom(never, { limitMs: 100 }),
  }),
  'side by side': () => {
    const met = [Promise.withResolvers(), Promise.withResolvers()]
    const meet = (own, other) => custom(() => (met[own].resolve(), met[other].promise))
    return { one: meet(0, 1), other: meet(1, 0) }
  },
  starting: (env) => ({ counter: counter(env, 'booting'), model: custom(() => starting('loads', 30)), files: r2(env.FILES) }),
  'starting and broken': (env) => ({ counter: counter(env, 'booting'), mail: custom(() => false) }),
  'an optional part broken': (env) => ({ files: r2(env.FILES), mail: custom(() => false, { isOptional: true }), model: custom(() => starting('loads'), { isOptional: true }) }),
  warning: () => ({ queue: custom(() => ({ status: 'warn', observedValue: 900, observedUnit: 'messages', output: 'long' })) }),
  hostile: () => ({
    bigint: custom(() => ({ observedValue: 1n })),
    circular: custom(() => { const one = {}; one.self = one; return { observedValue: one } }),
    purple: custom(() => ({ status: 'purple' })),
    wordless: custom(() => { throw Object.create(null) }),
    trap: custom(() => ({ get status() { throw new Error('sprung') } })),
    wordy: custom(() => { throw new Error('x'.repeat(100_000)) }),
    absent: undefined,
    'not one of ours': {},
    ['__proto__']: custom(() => undefined),
  }),
  'keys of Discord': (env) => ({
    unverified: discordKey(env.DISCORD_PUBLIC_KEY),
    absent: discordKey(undefined),
    short: discordKey('abc'),
    another: discordKey(env.OTHER_PUBLIC_KEY, { vector: env.DISCORD_VECTOR }),
  }),
  accepting: (env) => ({ guarded: upstream(`${env.UPSTREAM}/guarded`, { method: 'HEAD', headers: { 'x-from': 'healthz' }, accepts: [401] }), moved: upstream(`${env.UPSTREAM}/moved`) }),
  nothing: () => ({}),
}

export default {
  fetch(request, env) {
    const scenario = request.headers.get('scenario') ?? 'nothing'
    const version = scenario === 'nothing' ? undefined : env.VERSION
    return answerHealth(request, { components: scenarios[scenario](env), version, token: env[request.headers.get('token-in') ?? 'HEALTH_TOKEN'], serviceId: 'shop' })
  },
}
