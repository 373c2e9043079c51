import { fetch, Headers, Response, type Request } from 'miniflare'
import type { VersionRuntime } from './runtime.ts'

/** A service binding's way to another Worker: through the edge, by that Worker's own split. */
export function callWorker(edgeOrigin: string): (scriptName: string, request: Request) => Promise<Response> {
  return (scriptName, request) => {
    const { host, pathname, search } = new URL(request.url)
    const headers = new Headers(request.headers)
    headers.set('cf-sandbox-script', scriptName)
    headers.set('host', host)
    const { method } = request
    return fetch(`${edgeOrigin}${pathname}${search}`, { ...bodyOf(request), method, headers, redirect: 'manual' })
  }
}

/** An object's way to a KV namespace or an R2 bucket: any version that runs and binds it opens its door. */
export async function callStore(running: readonly VersionRuntime[], request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const [, , kind, store] = pathname.split('/').map(decodeURIComponent)
  const field = kind === 'kv' ? 'namespace_id' : 'bucket_name'
  const door = running.find(({ version }) => version.bindings.some((binding) => binding[field] === store))
  if (door === undefined) return new Response(`no version that runs binds ${kind} ${store}`, { status: 503 })
  const url = `http://127.0.0.1:${door.storePort}${pathname}`
  return fetch(url, { ...bodyOf(request), method: request.method, headers: request.headers })
}

function bodyOf({ body }: Request) {
  return body === null ? {} : ({ body, duplex: 'half' } as const)
}
