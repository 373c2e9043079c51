import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeCertificate } from '../../src/core/checks/http.ts'
import { readCertificate } from '../../src/shell/checks/certificate.ts'

const DAY_MS = 86_400_000
const before = getCACertificates()
const servers: Server[] = []
let folder = ''

const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })

/** A certificate for localhost by our own authority, valid until a given number of days from now. */
function issue(days: number): { readonly key: string; readonly cert: string } {
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem', '-out', 'asked.pem', '-subj', '/CN=localhost')
  writeFileSync(join(folder, 'names.txt'), 'subjectAltName=DNS:localhost')
  openssl('x509', '-req', '-in', 'asked.pem', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', String(days), '-extfile', 'names.txt', '-out', 'cert.pem')
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  return { key: read('key.pem'), cert: read('cert.pem') }
}

async function listen(server: Server): Promise<URL> {
  servers.push(server)
  await new Promise<void>((resolve) => { server.listen(0, 'localhost', resolve) })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new URL(`https://localhost:${address.port}`)
}

const read = (url: URL, limitMs = 5000, signal = new AbortController().signal) => readCertificate(url, limitMs, signal)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sleepwell-certificate-'))
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority')
  setDefaultCACertificates([...before, readFileSync(join(folder, 'ca.pem'), 'utf8')])
})
afterAll(() => {
  setDefaultCACertificates(before)
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

describe('a certificate', () => {
  it('is read with the day on which it ends', async () => {
    const facts = await read(await listen(createServer(issue(30))))
    if (facts.kind !== 'valid-until') throw new Error(JSON.stringify(facts))
    const issuedMs = facts.untilMs - 30 * DAY_MS
    expect(judgeCertificate(14, facts, issuedMs)).toEqual({ attempt: { kind: 'unproven', about: 'surroundings' }, observed: '30 days' })
    expect(judgeCertificate(14, facts, issuedMs + 20 * DAY_MS)).toMatchObject({ attempt: { kind: 'failed', seen: '10 days', isDefinite: true }, observed: '10 days' })
  })

  it('that has run out says since when', async () => {
    const facts = await read(await listen(createServer(issue(-1))))
    if (facts.kind !== 'valid-until') throw new Error(JSON.stringify(facts))
    expect(judgeCertificate(14, facts, facts.untilMs + 2.5 * DAY_MS)).toMatchObject({ attempt: { kind: 'failed', seen: 'it ended 3 days ago' }, observed: '-3 days' })
  })

  it('that is another\'s, or nobody\'s, is not believed', async () => {
    const named = await listen(createServer(issue(30)))
    named.hostname = '127.0.0.1'
    expect(await read(named)).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('not trusted') })
    setDefaultCACertificates(before)
    try {
      expect(await read(await listen(createServer(issue(30))))).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('not trusted') })
    } finally {
      setDefaultCACertificates([...before, readFileSync(join(folder, 'ca.pem'), 'utf8')])
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
