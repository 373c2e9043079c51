import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

// The Worker of the README, checked and bundled as a team's own would be: with the types that wrangler makes of its
// configuration, under a strict tsconfig, and with nothing else installed.

const root = join(import.meta.dirname, '../..')
const module = join(root, 'workers/healthz')
const failed = z.object({ code: z.number(), stdout: z.string() })
let folder: string
let worker: string

function run(program: string, ...args: string[]): Promise<{ readonly code: number; readonly said: string }> {
  const env = { PATH: dirname(process.execPath), HOME: folder, CI: 'true', WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' }
  return promisify(execFile)(process.execPath, [join(root, 'node_modules', program), ...args], { cwd: folder, env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: unknown) => {
      const { code, stdout } = failed.parse(error)
      return { code, said: stdout }
    },
  )
}

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'healthz-types-')))
  mkdirSync(join(folder, 'src'))
  worker = /```ts\n([^]*?)```/.exec(readFileSync(join(module, 'README.md'), 'utf8'))?.[1] ?? ''
  for (const name of ['healthz.js', 'healthz.d.ts']) cpSync(join(module, name), join(folder, 'src', name))
  writeFileSync(join(folder, 'src/index.ts'), worker)
  writeFileSync(join(folder, 'wrangler.json'), JSON.stringify({
    name: 'shop', main: 'src/index.ts', compatibility_date: '2026-01-01',
    durable_objects: { bindings: [{ name: 'COUNTER', class_name: 'Counter' }] },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Counter'] }],
    r2_buckets: [{ binding: 'FILES', bucket_name: 'files' }],
    kv_namespaces: [{ binding: 'SESSIONS', id: 'sessions' }],
    d1_databases: [{ binding: 'ORDERS', database_name: 'orders', database_id: 'orders' }],
    vars: { DISCORD_PUBLIC_KEY: '00' },
    secrets: { required: ['API_KEY', 'HEALTH_TOKEN'] },
    version_metadata: { binding: 'CF_VERSION_METADATA' },
  }))
  const strict = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noPropertyAccessFromIndexSignature: true, noUnusedLocals: true, skipLibCheck: false }
  const target = { target: 'es2024', lib: ['es2024'], module: 'esnext', moduleResolution: 'bundler', types: ['./worker-configuration.d.ts'], noEmit: true }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...target, ...strict }, include: ['src'] }))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  const types = await run('wrangler/bin/wrangler.js', 'types')
  expect(types, types.said).toMatchObject({ code: 0 })
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the Worker of the README', () => {
  it('has the right types', async () => {
    expect(await run('typescript/bin/tsc', '-p', '.')).toEqual({ code: 0, said: '' })
  })

  it('is refused with a mistake in it', async () => {
    const typos = [['limitMs: 500', 'limitMs: "500"'], ['[\'API_KEY\', ', '[\'API_KEI\', '], ['r2(env.FILES)', 'r2(env.ORDERS)'], ['files: r2(', 'files: (']] as const
    for (const [right, wrong] of typos) {
      expect(worker).toContain(right)
      writeFileSync(join(folder, 'src/index.ts'), worker.replace(right, wrong))
      const { code, said } = await run('typescript/bin/tsc', '-p', '.')
      expect({ code, isAboutIt: /src\/index\.ts\(\d+,\d+\): error/.test(said) }, `${wrong}: ${said}`).toEqual({ code: 1, isAboutIt: true })
    }
    writeFileSync(join(folder, 'src/index.ts'), worker)
  })

  it('is bundled by wrangler as it is', async () => {
    const { code, said } = await run('wrangler/bin/wrangler.js', 'deploy', '--dry-run', '--outdir', 'out')
    expect(code, said).toBe(0)
    expect(readFileSync(join(folder, 'out/index.js'), 'utf8')).toContain('application/health+json')
  })
})
