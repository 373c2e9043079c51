import { createServer as createTcpServer, type Server } from 'node:net'
import { createServer } from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { judgeCertificate } from '../../src/core/checks/http.ts'
import { readCertificate } from '../../src/shell/checks/certificate.ts'
import { createCertificateAuthority } from './certificate-authority.ts'

const DAY_MS = 86_400_000
const authority = createCertificateAuthority()
const servers: Server[] = []
afterAll(() => {
  authority[Symbol.dispose]()
  for (const server of servers) server.close()
})

async function listen(server: Server): Promise<URL> {
  servers.push(server)
  await new Promise<void>((resolve) => { server.listen(0, 'localhost', resolve) })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new URL(`https://localhost:${address.port}`)
}

const read = (url: URL, limitMs = 5000, signal = new AbortController().signal) => readCertificate(url, limitMs, signal)

describe('a certificate', () => {
  it('is read with the day on which it ends', async () => {
    const facts = await read(await listen(createServer(authority.issue(30))))
    if (facts.kind !== 'valid-until') throw new Error(JSON.stringify(facts))
    const issuedMs = facts.untilMs - 30 * DAY_MS
    expect(judgeCertificate(14, facts, issuedMs)).toEqual({ attempt: { kind: 'unproven', about: 'surroundings' }, observed: '30 days' })
    expect(judgeCertificate(14, facts, issuedMs + 20 * DAY_MS)).toMatchObject({ attempt: { kind: 'failed', seen: '10 days', isDefinite: true }, observed: '10 days' })
  })

  it('that has run out says since when', async () => {
    const facts = await read(await listen(createServer(authority.issue(-1))))
    if (facts.kind !== 'valid-until') throw new Error(JSON.stringify(facts))
    expect(judgeCertificate(14, facts, facts.untilMs + 2.5 * DAY_MS)).toMatchObject({ attempt: { kind: 'failed', seen: 'it ended 3 days ago' }, observed: '-3 days' })
  })

  it('that is another\'s, or nobody\'s, is not believed', async () => {
    const named = await listen(createServer(authority.issue(30)))
    named.hostname = '127.0.0.1'
    expect(await read(named)).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('not trusted') })
    authority.trust(false)
    try {
      expect(await read(await listen(createServer(authority.issue(30))))).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('not trusted') })
    } finally {
      authority.trust(true)
    }
  })

  it('is not waited for beyond the limit, however busy the other end is', async () => {
    const mute = await listen(createTcpServer((socket) => socket.on('error', () => undefined)))
    expect(await read(mute, 60)).toEqual({ kind: 'unreadable', message: 'no TLS handshake within 0.06 s' })
    expect(await read(mute, 5000, AbortSignal.abort())).toEqual({ kind: 'unreadable', message: 'stopped before an answer' })
    const rude = await listen(createTcpServer((socket) => socket.on('error', () => undefined).end('no TLS here')))
    expect(await read(rude)).toMatchObject({ kind: 'unreadable' })
  })

  it('is never there without https', async () => {
    expect(judgeCertificate(1, await read(new URL('http://localhost')), 0)).toMatchObject({ attempt: { kind: 'failed', seen: 'the address is not https', isDefinite: true } })
  })
})
