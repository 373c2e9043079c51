import type { HttpAnswer, HttpFacts } from './answer.ts'
import { judgeExchange, type MissOf } from './exchange.ts'
import { describeAnswer, excerpt, type Miss } from './expectations.ts'
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
    if (!/^text\/html\b|^application\/xhtml\+xml\b/i.test(answer.headers['content-type'] ?? '')) return { expectation: 'an HTML page', seen: excerpt(answer.headers['content-type'] ?? 'no content-type') }
    // What is not read may refer to something that is not there.
    if (answer.isBodyCut) return { expectation: `a page of at most ${answer.bodyBytes ?? 0} bytes`, seen: 'a longer one' }
    return text === undefined || answer.body.includes(text) ? undefined : { expectation: `a page containing ${text}`, seen: describeAnswer(answer) }
  })
}

const LONGEST_NAME = 120

/**
 * What each asset is called: path and query, or the whole address on another host. Hashes are left out, so that the
 * same asset of two versions has one name and can be compared; two that would be called the same are numbered.
 */
export function namesOf(assets: readonly Asset[], home: string): readonly string[] {
  const seen = new Map<string, number>()
  return assets.map(({ url }) => {
    const address = url.startsWith(`${home}/`) ? url.slice(home.length) : url
    const name = address.replaceAll(/[A-Za-z0-9_]{8,}/g, (run) => (isHash(run) ? '*' : run)).slice(0, LONGEST_NAME)
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
}

/** As bundlers write them: hexadecimal, or eight and more of an alphabet that words do not mix. */
function isHash(run: string): boolean {
  if (/^\d+$/.test(run)) return false
  if (/^[0-9a-f]+$/.test(run)) return /\d/.test(run)
  return /[A-Z]/.test(run) && /\d/.test(run)
}

/** An asset as it was loaded. */
export interface LoadedAsset {
  readonly asset: Asset
  readonly name: string
  readonly facts: HttpFacts
  /** On another host, which knows no version. */
  readonly isExternal: boolean
}

const SURROUNDINGS = { kind: 'unproven', about: 'surroundings' } as const

/**
 * Judges one asset. Many are served without the Worker (static assets before it, a CDN), so that a good one without
 * proof is merely unproven; one that proves another version is that version's.
 */
export function judgeAsset({ proof, timeoutSeconds }: PageCheckSpec, { asset, name, facts, isExternal }: LoadedAsset, wanted: string | undefined): PartSeen {
  const asked = isExternal ? { proof: { kind: 'none' } as const, wanted: undefined } : { proof, wanted }
  const own = judgeExchange({ ...asked, timeoutSeconds }, facts, missOfAsset(asset, name))
  if (own.kind === 'no-proof' || (isExternal && own.kind === 'unproven')) return { name, attempt: SURROUNDINGS }
  // A cache is where assets belong; what it gave is right or wrong like any other answer.
  if (own.kind === 'blocked' && own.by === 'cdn-cache' && facts.kind === 'answer') return { name, attempt: ofCache(missOfAsset(asset, name), facts) }
  return { name, attempt: own }
}

function ofCache(judge: MissOf, answer: HttpAnswer): Attempt {
  const miss = judge(answer, undefined)
  return miss === undefined ? SURROUNDINGS : { kind: 'failed', expectation: miss.expectation, seen: miss.seen, isProven: false }
}

const TYPES: Readonly<Record<AssetKind, RegExp>> = {
  // HTML Standard, "JavaScript MIME types": a browser runs no module of another type.
  script: /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b/i,
  style: /^text\/css\b/i,
  image: /^image\//i,
}

/** The first thing that is wrong, with the address where the asset's name does not have all of it. */
function missOfAsset(asset: Asset, name: string): MissOf {
  return (answer) => {
    const miss = missIn(asset, answer)
    return miss === undefined || asset.url.endsWith(name) ? miss : { ...miss, seen: `${miss.seen}, at ${excerpt(asset.url)}` }
  }
}

function missIn({ kind, integrity }: Asset, answer: HttpAnswer): Miss | undefined {
  if (answer.isEndless === true) return { expectation: 'an end of the redirects', seen: `one more than are followed, to ${excerpt(answer.headers['location'] ?? '')}` }
  if (answer.status !== 200) return { expectation: 'status 200', seen: describeAnswer(answer) }
  const type = answer.headers['content-type'] ?? ''
  // The classic: a single-page application gives its HTML for whatever is not there.
  if (!TYPES[kind].test(type)) return { expectation: `the type of a ${kind}`, seen: type === '' ? 'no content-type' : excerpt(type) }
  if (answer.bodyBytes === 0) return { expectation: 'a body', seen: 'an empty one' }
  return missOfIntegrity(integrity, answer)
}

/** The digests that an asset's bytes are needed in. */
export function algorithmsOf({ integrity }: Asset): readonly string[] {
  const algorithm = strongestOf(integrity)[0]?.algorithm
  return algorithm === undefined ? [] : [algorithm]
}

/** Subresource Integrity, 3.3.5: of the strongest algorithm that is given, one digest must fit; what it does not know is ignored. */
function strongestOf(integrity: string): readonly { readonly algorithm: string; readonly digest: string }[] {
  const given = integrity.split(/\s+/).flatMap((one) => {
    const [, algorithm, digest] = /^(sha256|sha384|sha512)-([A-Za-z0-9+/=_-]+)(?:\?|$)/i.exec(one) ?? []
    return algorithm === undefined || digest === undefined ? [] : [{ algorithm: algorithm.toLowerCase(), digest: digest.replaceAll('-', '+').replaceAll('_', '/') }]
  })
  const strongest = given.map(({ algorithm }) => algorithm).toSorted().at(-1)
  return given.filter(({ algorithm }) => algorithm === strongest)
}

function missOfIntegrity(integrity: string, { isBodyCut, bodyDigests = {} }: HttpAnswer) {
  const given = strongestOf(integrity)
  const strongest = given[0]?.algorithm
  if (strongest === undefined) return undefined
  const wanted = given.map(({ digest }) => digest)
  const seen = bodyDigests[strongest] ?? ''
  if (!isBodyCut && wanted.includes(seen)) return undefined
  return { expectation: excerpt(`the integrity ${strongest}-${wanted.join(' or ')}`), seen: isBodyCut ? 'a body too large to be read whole' : `${strongest}-${seen}` }
}
