import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

export interface CertificateAuthority extends Disposable {
  /** For localhost, valid until so many days from now. */
  issue(days: number): { readonly key: string; readonly cert: string }
  /** Whether this process believes what it issues; it does from the start. */
  trust(isTrusted: boolean): void
}

/** An authority of our own, made by openssl, which this process trusts until it is disposed of. */
export function createCertificateAuthority(): CertificateAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-certificates-'))
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority')
  writeFileSync(join(folder, 'names.txt'), 'subjectAltName=DNS:localhost')
  const before = getCACertificates()
  const trust = (isTrusted: boolean) => setDefaultCACertificates(isTrusted ? [...before, read('ca.pem')] : before)
  trust(true)
  return {
    trust,
    issue(days) {
      openssl('req', ...newKey, '-keyout', 'key.pem', '-out', 'asked.pem', '-subj', '/CN=localhost')
      openssl('x509', '-req', '-in', 'asked.pem', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', String(days), '-extfile', 'names.txt', '-out', 'cert.pem')
      return { key: read('key.pem'), cert: read('cert.pem') }
    },
    [Symbol.dispose]() {
      trust(false)
      rmSync(folder, { recursive: true })
    },
  }
}
