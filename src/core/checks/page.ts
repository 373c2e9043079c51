import type { HttpAnswer, HttpFacts } from './answer.ts'
import { judgeExchange, type MissOf } from './exchange.ts'
import { describeAnswer } from './expectations.ts'
import type { Attempt } from './result.ts'
import type { PartSeen } from './seen.ts'
import type { CheckBasics } from './spec.ts'

/** An HTML page, and every script, style and image that it refers to. */
export interface PageCheckSpec extends CheckBasics {
  readonly kind: 'page'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Text that the page contains. */
  readonly text?: string | undefined
  /** Whether what it loads from other hosts is asked for too. */
  readonly external: boolean
  readonly mostAssets: number
}

export type AssetKind = 'script' | 'style' | 'image'

/** What a page refers to. */
export interface Asset {
  readonly kind: AssetKind
  readonly url: string
  /** Subresource Integrity, as the page writes it. */
  readonly integrity: string
}

/** Judges the page itself. */
export function judgePage(spec: PageCheckSpec, facts: HttpFacts, wanted: string | undefined): Attempt {
  const { proof, timeoutSeconds, text } = spec
  return judgeExchange({ proof, timeoutSeconds, wanted }, facts, (answer) => {
    if (answer.status !== 200) return { expectation: 'status 200', seen: describeAnswer(answer) }
    if (!/^text\/html\b|^application\/xhtml\+xml\b/i.test(answer.headers['content-type'] ?? '')) return { expectation: 'an HTML page', seen: answer.headers['content-type'] ?? 'no content-type' }
    return text === undefined || answer.body.includes(text) ? undefined : { expectation: `a page containing ${text}`, seen: describeAnswer(answer) }
  })
}

/** An asset as it was loaded; `digests` are those of its bytes, by algorithm, in base64. */
export interface LoadedAsset {
  readonly asset: Asset
  /** Shown for it: its path, or its whole address on another host. */
  readonly name: string
  readonly facts: HttpFacts
  readonly digests: Readonly<Record<string, string>>
}

/**
 * Judges one asset. Many are served without the Worker (static assets before it, a CDN), so that a good one without
 * proof is merely unproven; one that proves another version is that version's.
 */
export function judgeAsset(spec: PageCheckSpec, { asset, name, facts, digests }: LoadedAsset, wanted: string | undefined): PartSeen {
  const own = judgeExchange({ proof: spec.proof, timeoutSeconds: spec.timeoutSeconds, wanted }, facts, missOfAsset(asset, digests))
  if (own.kind === 'no-proof') return { name, attempt: { kind: 'unproven', about: 'surroundings' } }
  // A cache is where assets belong; what it gave is right or wrong like any other answer.
  if (own.kind === 'blocked' && own.by === 'cdn-cache' && facts.kind === 'answer') return { name, attempt: ofCache(asset, facts, digests) }
  return { name, attempt: own }
}

function ofCache(asset: Asset, answer: HttpAnswer, digests: Readonly<Record<string, string>>): Attempt {
  const miss = missOfAsset(asset, digests)(answer, undefined)
  return miss === undefined ? { kind: 'unproven', about: 'surroundings' } : { kind: 'failed', expectation: miss.expectation, seen: miss.seen, isProven: false }
}

const TYPES: Readonly<Record<AssetKind, RegExp>> = {
  // HTML Standard, "JavaScript MIME types": a browser runs no module of another type.
  script: /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b|^application\/(?:wasm|json)\b/i,
  style: /^text\/css\b/i,
  image: /^image\//i,
}

function missOfAsset({ kind, integrity }: Asset, digests: Readonly<Record<string, string>>): MissOf {
  return (answer) => {
    if (answer.status !== 200) return { expectation: 'status 200', seen: describeAnswer(answer) }
    const type = answer.headers['content-type'] ?? ''
    // The classic: a single-page application gives its HTML for whatever is not there.
    if (!TYPES[kind].test(type)) return { expectation: `the type of a ${kind}`, seen: type === '' ? 'no content-type' : type }
    if (answer.bodyBytes === 0) return { expectation: 'a body', seen: 'an empty one' }
    return missOfIntegrity(integrity, answer, digests)
  }
}

/** Subresource Integrity, 3.3.5: of the strongest algorithm that is given, one digest must fit. */
function missOfIntegrity(integrity: string, { isBodyCut }: HttpAnswer, digests: Readonly<Record<string, string>>) {
  const given = integrity.split(/\s+/).flatMap((one) => {
    const [, algorithm, digest] = /^(sha256|sha384|sha512)-([A-Za-z0-9+/=_-]+)/.exec(one) ?? []
    return algorithm === undefined || digest === undefined ? [] : [{ algorithm, digest }]
  })
  const strongest = given.map(({ algorithm }) => algorithm).toSorted().at(-1)
  if (strongest === undefined) return undefined
  const wanted = given.filter(({ algorithm }) => algorithm === strongest).map(({ digest }) => digest)
  const seen = digests[strongest] ?? ''
  if (!isBodyCut && wanted.includes(seen)) return undefined
  return { expectation: `the integrity ${strongest}-${wanted.join(' or ')}`, seen: isBodyCut ? 'a body too large to be read whole' : `${strongest}-${seen}` }
}
