import { type Dispatcher, request as send } from 'undici'
import { fetch, Response, type Request } from 'miniflare'
import type { VersionRuntime } from './runtime.ts'

/** A service binding's way to another Worker: through the edge, by that Worker's own split. */
export function callWorker(edgeOrigin: string): (scriptName: string, request: Request) => Promise<Response> {
  return async (scriptName, request) => {
    const { host, pathname, search } = new URL(request.url)
    const content = Buffer.from(await request.arrayBuffer())
    // Unlike fetch, it leaves the host name as the caller wrote it.
    const answer = await send(`${edgeOrigin}${pathname}${search}`, {
      method: request.method,
      headers: { ...Object.fromEntries(request.headers), host, 'cf-sandbox-script': scriptName },
      body: content.length === 0 ? null : content,
    })
    const body = Buffer.from(await answer.body.arrayBuffer())
    return new Response(body.length === 0 ? null : body, { status: answer.statusCode, headers: headersOf(answer) })
  }
}

function headersOf({ headers }: Dispatcher.ResponseData): [string, string][] {
  return Object.entries(headers).flatMap(([name, values = []]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  )
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
