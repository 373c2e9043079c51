import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { portOf } from '../../sandbox/world.ts'

// The command line that a person types, and through it the built action.

const bin = fileURLToPath(new URL('../../bin/sleepwell.js', import.meta.url))
const VERSION = 'aaaaaaaa-0000-4000-8000-000000000001'
const OTHER = 'bbbbbbbb-0000-4000-8000-000000000002'

async function sleepwell(args: readonly string[], { answer, file, env = {} }: { readonly answer: RequestListener; readonly file?: string; readonly env?: Record<string, string> }) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const url = `http://127.0.0.1:${portOf(server)}`
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-alone-'))
  try {
    mkdirSync(join(folder, '.github'))
    if (file !== undefined) writeFileSync(join(folder, '.github/sleepwell.yml'), file.replaceAll('$URL', url))
    const child = spawn(process.execPath, [bin, ...args.map((arg) => arg.replace('$URL', url))], { cwd: folder, env: { PATH: process.env['PATH'], ...env } })
    const output: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => output.push(data))
    const [code]: unknown[] = await once(child, 'close')
    const report = args.includes('--summary') ? readFileSync(join(folder, 'report.md'), 'utf8') : ''
    return { code, text: Buffer.concat(output).toString(), report }
  } finally {
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const FILE = `url: $URL
checks:
  - { name: home, kind: http, path: /, headers: { authorization: "Bearer \${secret:HEALTH_TOKEN}" } }
  - { name: health, kind: health }
`

const shop: RequestListener = (request, response) => {
  const isKnown = request.headers.authorization === 'Bearer swordfish-of-the-laptop'
  const components = { 'r2:list': [{ status: isKnown ? 'pass' : 'fail', observedValue: 12, observedUnit: 'ms' }] }
  const asked = /^shop="(.*)"$/.exec(String(request.headers['cloudflare-workers-version-overrides'] ?? ''))?.[1]
  response.writeHead(request.url?.startsWith('/?') === true && !isKnown ? 401 : 200, { 'x-version-id': asked ?? VERSION, 'content-type': 'application/json' })
  response.end(JSON.stringify({ status: 'pass', checks: request.url?.startsWith('/healthz') === true ? { 'kv:get': components['r2:list'] } : {} }))
}

const healthy: RequestListener = (request, response) => {
  if (request.url?.startsWith('/healthz') === true) request.headers.authorization = 'Bearer swordfish-of-the-laptop'
  shop(request, response)
}

it('runs the checks of the file from a laptop, with its secrets hidden', async () => {
  const { code, text } = await sleepwell(['check'], { answer: healthy, file: FILE, env: { HEALTH_TOKEN: 'swordfish-of-the-laptop' } })
  expect(text).toMatch(/Healthy: http:\/\/127\.0\.0\.1:\d+\/, 3 of 3 checks passed\./)
  expect(text).toContain('| `health/kv:get` | passed, `12 ms`')
  expect(text).not.toContain('swordfish')
  expect(code).toBe(0)
})

it('names what is not well, and only that, in a report of its own', async () => {
  const { code, text, report } = await sleepwell(['check', '--summary', 'report.md'], { answer: shop, file: FILE, env: { HEALTH_TOKEN: 'swordfish-of-the-laptop' } })
  expect(text).toContain('2 of 3 checks passed; not health/kv:get (failed).')
  expect(report).toContain('## Not healthy')
  expect(code).toBe(1)
})

it('asks for one version of a split', async () => {
  const args = ['check', '--url', '$URL', '--health-path', '/up', '--worker', 'shop', '--version']
  const answer: RequestListener = (request, response) => {
    const asked = /^shop="(.*)"$/.exec(String(request.headers['cloudflare-workers-version-overrides'] ?? ''))?.[1]
    response.writeHead(asked === OTHER ? 200 : 500, { 'x-version-id': asked ?? VERSION }).end()
  }
  expect((await sleepwell([...args, OTHER], { answer })).code).toBe(0)
  expect((await sleepwell([...args, VERSION], { answer })).code).toBe(1)
})

it.each([
  [['deploy'], 2, '"deploy" is not done here; allowed: check.'],
  [['check', '--colour', 'red'], 2, "Unknown option '--colour'"],
  [['check', '--url', 'ftp://shop.example.com'], 1, 'input "url": is "ftp://shop.example.com"; allowed: https'],
  [['check'], 1, 'input "url": is empty'],
  [['--help'], 0, 'Usage: sleepwell check'],
])('answers %j with what is wrong', async (args, exit, words) => {
  const { code, text } = await sleepwell(args, { answer: shop })
  expect(text).toContain(words)
  expect(code).toBe(exit)
})
