import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { CertificateFacts } from '../../core/checks/http.ts'

/** Reads the certificate that an https address shows, by a connection of its own over which nothing is said. */
export function readCertificate(url: URL, limitMs: number, signal: AbortSignal): Promise<CertificateFacts> {
  if (url.protocol !== 'https:') return Promise.resolve({ kind: 'not-https' })
  const { promise, resolve } = Promise.withResolvers<CertificateFacts>()
  const host = url.hostname.replaceAll(/[[\]]/g, '')
  // Judged below: one that has run out is still to be read, and that is what it is asked for.
  const socket = connect({ host, port: Number(url.port || 443), ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized: false })
  const limit = setTimeout(() => end({ kind: 'unreadable', message: `no TLS handshake within ${limitMs / 1000} s` }), limitMs)
  const stop = () => end({ kind: 'unreadable', message: 'stopped before an answer' })
  const end = (facts: CertificateFacts) => {
    clearTimeout(limit)
    signal.removeEventListener('abort', stop)
    socket.destroy()
    resolve(facts)
  }
  socket.once('secureConnect', () => end(readFrom(socket)))
  socket.on('error', (error) => end({ kind: 'unreadable', message: error.message }))
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  return promise
}

/** Docs "node:tls", X509 certificate error codes: of these, only the date is the check's own matter. */
const READABLE: ReadonlySet<string> = new Set(['', 'CERT_HAS_EXPIRED'])

function readFrom(socket: TLSSocket): CertificateFacts {
  const error = socket.authorized ? '' : String(socket.authorizationError)
  if (!READABLE.has(error)) return { kind: 'unreadable', message: `the certificate is not trusted: ${error}` }
  const untilMs = Date.parse(socket.getPeerCertificate().valid_to)
  return Number.isNaN(untilMs) ? { kind: 'unreadable', message: 'the certificate does not say until when it is valid' } : { kind: 'valid-until', untilMs }
}
