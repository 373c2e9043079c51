import { connect } from 'node:tls'
import type { CertificateFacts } from '../../core/checks/http.ts'

/** Reads the certificate that an https address shows, by a connection of its own; one that is not trusted is no answer. */
export function readCertificate(url: URL, limitMs: number, signal: AbortSignal): Promise<CertificateFacts> {
  if (url.protocol !== 'https:') return Promise.resolve({ kind: 'unreadable', message: 'the address is not https' })
  const { promise, resolve } = Promise.withResolvers<CertificateFacts>()
  const socket = connect({ host: url.hostname, port: Number(url.port || 443), servername: url.hostname, timeout: limitMs })
  const end = (facts: CertificateFacts) => {
    socket.destroy()
    resolve(facts)
  }
  socket.once('secureConnect', () => end(readFrom(socket.getPeerCertificate().valid_to)))
  socket.once('error', (error) => end({ kind: 'unreadable', message: error.message }))
  socket.once('timeout', () => end({ kind: 'unreadable', message: `no TLS handshake within ${limitMs / 1000} s` }))
  signal.addEventListener('abort', () => end({ kind: 'unreadable', message: 'stopped before an answer' }), { once: true })
  return promise
}

function readFrom(validTo: string): CertificateFacts {
  const untilMs = Date.parse(validTo)
  return Number.isNaN(untilMs) ? { kind: 'unreadable', message: 'the certificate does not say until when it is valid' } : { kind: 'valid-until', untilMs }
}
