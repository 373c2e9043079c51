import type { Fault, FaultRule } from '../../sandbox/faults.ts'
import type { RequestRecord } from '../../sandbox/world.ts'

/** One API call of a deploy: the nth request (from 0) of its service, method and kind of path. */
export interface Call {
  readonly service: 'cloudflare' | 'github'
  readonly method: string
  readonly pattern: string
  readonly nth: number
}

/** The calls that these requests were, in their order. */
export function callsOf(requests: readonly RequestRecord[]): readonly Call[] {
  const seen = new Map<string, number>()
  return requests.flatMap(({ service, method, path }) => {
    if (service !== 'cloudflare' && service !== 'github') return []
    const pattern = patternOf(path)
    const key = `${service} ${method} ${pattern}`
    const nth = seen.get(key) ?? 0
    seen.set(key, nth + 1)
    return [{ service, method, pattern, nth }]
  })
}

export function nameOf({ service, method, pattern, nth }: Call): string {
  const short = pattern.replace('/client/v4/accounts/{hex}/workers', '').replace(/^\/repos\/[^/]+\/[^/]+/, '')
  return `${service} ${method} ${short} #${nth + 1}`
}

export const isWrite = ({ method }: Call): boolean => method !== 'GET'

/** Befalls this call and, with `times`, the like ones that follow it. */
export function ruleFor(call: Call, fault: Fault, times = 1): FaultRule {
  return { ...placeOf(call), fault, times }
}

/** Acts at the moment at which the call arrives; `fault` is what becomes of the call itself. */
export function trapFor(call: Call, fault: Fault, act: () => void): FaultRule {
  return {
    ...placeOf(call),
    times: 1,
    get fault() {
      act()
      return fault
    },
  }
}

function placeOf({ service, method, pattern, nth }: Call) {
  const wildcards: Record<string, string> = { '{id}': '[0-9a-f-]{36}', '{hex}': '[0-9a-f]{32,40}', '{number}': String.raw`\d+` }
  const source = pattern.replaceAll(/\{(?:id|hex|number)\}|[.*+?^$|()[\]\\]/g, (found) => wildcards[found] ?? `\\${found}`)
  return { service, method, path: new RegExp(`^${source}$`), skip: nth }
}

function patternOf(path: string): string {
  return path
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '{id}')
    .replaceAll(/[0-9a-f]{40}|a{32}/g, '{hex}')
    .replaceAll(/(?<=\/)\d+(?=\/|$)/g, '{number}')
}

const cloudflareError = (code: number, message: string) => ({ success: false, errors: [{ code, message }], messages: [], result: null })
const json = (service: Call['service'], status: number, text: string) => (service === 'cloudflare' ? cloudflareError(status === 429 ? 971 : 10_013, text) : { message: text, documentation_url: 'https://docs.github.com/rest', status: String(status) })

/** Each way in which one call can go wrong, as this service would show it. */
export const FAULTS: Readonly<Record<string, (service: Call['service']) => Fault>> = {
  '429': (service) => ({ kind: 'answer', status: 429, headers: { 'retry-after': '2', 'content-type': 'application/json' }, body: json(service, 429, 'Please slow down') }),
  '500': (service) => ({ kind: 'answer', status: 500, headers: { 'content-type': 'application/json' }, body: json(service, 500, 'An unknown error has occurred') }),
  '502': () => ({ kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>502 Bad Gateway</h1></html>' }),
  delay: () => ({ kind: 'delay', milliseconds: 40 }),
  dropped: () => ({ kind: 'dropped' }),
  'reply lost': () => ({ kind: 'reply-lost' }),
}
