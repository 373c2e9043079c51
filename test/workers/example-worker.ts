import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Log, LogLevel, Miniflare, type WorkerOptions } from 'miniflare'

// The example Worker as wrangler bundles it, in workerd.

export const wranglerBin = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js')
export const exampleFolder = join(import.meta.dirname, '../../workers/example')
export const testKey = 'test-key'
export const productionKey = 'Prod_4f9A'
export const versionId = '11111111-1111-4111-8111-111111111111'

const MAIN = { good: ['wrangler.jsonc', 'index.js'], broken: ['wrangler.broken.jsonc', 'broken.js'] } as const

export interface Example extends Disposable {
  /** A copy: wrangler leaves files of its own beside a configuration. */
  readonly folder: string
  /** What wrangler made of a variant. */
  readonly bundles: Readonly<Record<'good' | 'broken', string>>
}

export async function bundleExample(): Promise<Example> {
  const out = realpathSync(mkdtempSync(join(tmpdir(), 'example-worker-')))
  const folder = join(out, 'example')
  cpSync(exampleFolder, folder, { recursive: true })
  const env = { PATH: dirname(process.execPath), HOME: out, CI: 'true', WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' }
  const bundle = async (name: 'good' | 'broken') => {
    const [config, main] = MAIN[name]
    await promisify(execFile)(process.execPath, [wranglerBin, 'deploy', '--dry-run', '--config', join(folder, config), '--outdir', join(out, name)], { cwd: out, env })
    return readFileSync(join(out, name, main), 'utf8')
  }
  const bundles = { good: await bundle('good'), broken: await bundle('broken') }
  return { folder, bundles, [Symbol.dispose]: () => rmSync(out, { recursive: true }) }
}

type Env = NonNullable<WorkerOptions['config']['env']>

export interface RunningExample extends AsyncDisposable {
  /** Origin on loopback. */
  readonly url: string
  ask(path: string, init?: { readonly method?: string; readonly body?: string; readonly headers?: Record<string, string> }): Promise<Answered>
}

export interface Answered {
  readonly status: number
  readonly version: string | null
  readonly headers: Headers
  readonly text: string
  /** `undefined` where it is no JSON. */
  readonly body: unknown
}

/** `variables` are vars and secrets alike, as text; others are JSON. */
export async function startExample(example: Example, variant: 'good' | 'broken', variables: Readonly<Record<string, string | Record<string, string>>>): Promise<RunningExample> {
  const texts = Object.entries(variables).map(([name, value]) => [name, typeof value === 'string' ? { type: 'text', value } : { type: 'json', value }] as const)
  const env: Env = {
    COUNTER: { type: 'durable-object', worker: 'example', exportName: 'Counter' },
    NOTES: { type: 'r2', name: 'notes' },
    SIGNATURES: { type: 'kv', id: 'signatures' },
    VERSION: { type: 'json', value: { id: versionId, tag: 'abc', timestamp: '' } },
    ASSETS: { type: 'assets' },
    ...Object.fromEntries(texts),
  }
  const miniflare = new Miniflare({
    cf: false,
    logRequests: false,
    enableDevRegistry: false,
    log: new Log(LogLevel.ERROR),
    workers: [
      {
        config: {
          name: 'example',
          compatibilityDate: '2026-01-01',
          compatibilityFlags: [],
          manifest: { mainModule: 'index.js', modules: { 'index.js': { type: 'esm', contents: example.bundles[variant] } } },
          assets: { directory: join(exampleFolder, 'public'), hasUserWorker: true, runWorkerFirst: ['/admin', '/admin/*'] },
          env,
          exports: { Counter: { type: 'durable-object', storage: 'sqlite' } },
        },
      },
    ],
  })
  const { origin: url } = await miniflare.ready
  return {
    url,
    async ask(path, init = {}) {
      const response = await fetch(`${url}${path}`, init)
      const text = await response.text()
      return { status: response.status, version: response.headers.get('x-version-id'), headers: response.headers, text, body: parse(text) }
    },
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
