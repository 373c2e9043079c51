import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { portOf } from '../../sandbox/world.ts'
import type { HttpCheckSpec } from '../../src/core/checks/http.ts'
import { isVersionId } from '../../src/core/ids.ts'
import { attemptHttp } from '../../src/shell/checks/http.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { httpCheck, WANTED } from '../core/check-samples.ts'
import { createCertificateAuthority } from './certificate-authority.ts'

// From the Worker's own host to another one, which is asked by https.

const authority = createCertificateAuthority()
const { key, cert } = authority.issue(2)
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})
afterAll(() => authority[Symbol.dispose]())

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return portOf(server)
}

/** `away`: the other host's address. */
async function follow(home: (away: string) => RequestListener, over: Partial<HttpCheckSpec> = {}, away: RequestListener = (_, response) => response.end('elsewhere')) {
  const heard: { readonly where: string; readonly line: string; readonly headers: readonly string[]; body: string }[] = []
  const noting = (where: string, answer: RequestListener): RequestListener => (request, response) => {
    const kept = ['authorization', 'cookie', 'content-type', 'cloudflare-workers-version-overrides'].filter((name) => request.headers[name] !== undefined)
    const record = { where, line: `${request.method ?? ''} ${(request.url ?? '').replace(/[?&]sleepwell=[\w-]+/, '')}`, headers: kept, body: '' }
    heard.push(record)
    request.on('data', (data) => { record.body += String(data) })
    request.on('end', () => answer(request, response))
  }
  const port = await listen(createSecureServer({ key, cert }, noting('away', away)))
  const homePort = await listen(createServer(noting('home', home(`https://localhost:${port}`))))
  if (!isVersionId(WANTED)) throw new Error('no version id')
  await using probe = openProbe('sleepwell/test')
  const asking = { baseUrl: new URL(`http://127.0.0.1:${homePort}`), subject: { versionId: WANTED, via: { kind: 'override', scriptName: 'shop' } }, limitMs: 5000, signal: new AbortController().signal } as const
  const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'content-type': 'text/plain' }
  const { own } = await attemptHttp(httpCheck({}, { path: '/', redirects: 'follow', proof: { kind: 'none' }, headers, ...over }), asking, { probe, clock: systemClock })
  return { own, heard }
}

const to = (address: (away: string) => string, status = 302) => (away: string): RequestListener => (_, response) => response.writeHead(status, { location: address(away) }).end()

describe('a redirect to another host', () => {
  it('is followed without secrets, without the override header, and to the address as it is', async () => {
    const { own, heard } = await follow(to((away) => `${away}/login?next=%2F`))
    expect(own).toEqual({ kind: 'unproven' })
    expect(heard).toEqual([
      { where: 'home', line: 'GET /', headers: ['authorization', 'cookie', 'content-type', 'cloudflare-workers-version-overrides'], body: '' },
      { where: 'away', line: 'GET /login?next=%2F', headers: [], body: '' },
    ])
  })

  it('that would take the body along is the answer', async () => {
    const { own, heard } = await follow(to((away) => away, 307), { method: 'POST', body: 'secret', expect: { status: [307], headers: {}, json: [] } })
    expect(own).toEqual({ kind: 'unproven' })
    expect(heard.map(({ where }) => where)).toEqual(['home'])
  })

  it('drops the body where the method becomes GET', async () => {
    const { heard } = await follow(to((away) => away, 303), { method: 'POST', body: 'secret' })
    expect(heard.map(({ where, line, body }) => [where, line, body])).toEqual([['home', 'POST /', 'secret'], ['away', 'GET /', '']])
  })

  it('that leads back home has all of them again there', async () => {
    let homeAddress = ''
    const home = (away: string): RequestListener => (request, response) => {
      homeAddress = `http://${request.headers.host ?? ''}`
      return request.url?.startsWith('/back') === true ? response.end() : response.writeHead(302, { location: away }).end()
    }
    const { heard } = await follow(home, {}, (_, response) => response.writeHead(302, { location: `${homeAddress}/back` }).end())
    expect(heard.map(({ where, headers }) => `${where} ${headers.length}`)).toEqual(['home 4', 'away 0', 'home 4'])
  })
})
