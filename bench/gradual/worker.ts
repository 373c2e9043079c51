import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const WORKER = 'shop'
/** Asked for by every user, each as one of five tenants. */
export const ORDERS = '/orders'
export const TENANTS = 5
/** The one that the bad version cannot serve. */
export const FAILING_TENANT = 3
/** With it a request arrives while a service behind the Worker, which every version needs, is down. */
export const DEPENDENCY_HEADER = 'x-dependency'

const CODE = `export default {
  fetch(request, env) {
    const url = new URL(request.url)
    const headers = { 'x-version-id': env.VERSION.id }
    if (url.pathname === '/healthz') return Response.json({ status: 'pass' }, { headers })
    const fails = request.headers.get('${DEPENDENCY_HEADER}') === 'down' || url.searchParams.get('tenant') === env.FAILING_TENANT
    return new Response(fails ? 'failed' : 'orders', { status: fails ? 503 : 200, headers })
  },
}
`

export type Health = 'good' | 'bad'

/** The Worker's code and configuration, with a title so that no two versions are the same. */
export function writeWorker(folder: string, health: Health, title: string): void {
  const config = {
    name: WORKER,
    main: 'index.js',
    compatibility_date: '2026-01-01',
    workers_dev: true,
    observability: { enabled: true },
    version_metadata: { binding: 'VERSION' },
    vars: { FAILING_TENANT: health === 'bad' ? String(FAILING_TENANT) : '', TITLE: title },
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'index.js'), CODE)
  writeFileSync(join(folder, 'wrangler.json'), JSON.stringify(config))
}
