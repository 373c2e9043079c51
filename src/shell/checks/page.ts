import { createHash } from 'node:crypto'
import type { HttpFacts } from '../../core/checks/answer.ts'
import { judgeAsset, judgePage, type Asset, type PageCheckSpec } from '../../core/checks/page.ts'
import { alone, type PartSeen, type Seen } from '../../core/checks/seen.ts'
import { askAt, askWorker, urlBelow, type Asking, type AskingPorts } from './asking.ts'

const MOST_PAGE_BYTES = 1_048_576
const MOST_ASSET_BYTES = 8_388_608
const AT_ONCE = 6

/** Loads the page and what it refers to, by the same door. */
export async function attemptPage(spec: PageCheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  const endsAt = performance.now() + asking.limitMs
  const { versionId } = asking.subject
  const facts = await askWorker({ path: spec.path, method: 'GET', headers: spec.headers, maxBodyBytes: MOST_PAGE_BYTES }, asking, ports)
  const own = judgePage(spec, facts, versionId)
  if (facts.kind !== 'answer' || own.kind === 'failed' || own.kind === 'wrong-version' || own.kind === 'blocked' || own.kind === 'starting') return alone(own)
  const { assetsIn } = await import('./page-assets.ts')
  const assets = assetsIn(facts.body, urlBelow(asking.baseUrl, spec.path))
  const home = asking.baseUrl.origin
  const asked = assets.filter(({ url }) => spec.external || new URL(url).origin === home)
  const parts: PartSeen[] = []
  const queue = asked.slice(0, spec.mostAssets)
  const work = async () => {
    for (let asset = queue.shift(); asset !== undefined; asset = queue.shift()) parts.push(await load(asset))
  }
  const load = async (asset: Asset): Promise<PartSeen> => {
    const url = new URL(asset.url)
    const isHome = url.origin === home
    const limitMs = Math.max(1, Math.floor(endsAt - performance.now()))
    const request = { url, method: 'GET', maxBodyBytes: MOST_ASSET_BYTES }
    // Headers may hold secrets: they stay with the Worker's own host.
    const answer = isHome ? await askWorker({ ...request, headers: spec.headers }, { ...asking, limitMs }, ports) : await askAt({ ...request, headers: {} }, { ...asking, limitMs }, ports)
    const name = isHome ? url.pathname : `${url.origin}${url.pathname}`
    return judgeAsset(spec, { asset, name, facts: answer, digests: digestsOf(answer) }, isHome ? versionId : undefined)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const tooMany = asked.length > spec.mostAssets ? [tooManyPart(asked.length, spec.mostAssets)] : []
  return { own, parts: [...parts.toSorted((one, other) => one.name.localeCompare(other.name)), ...tooMany] }
}

function tooManyPart(found: number, most: number): PartSeen {
  return { name: 'assets', attempt: { kind: 'failed', expectation: `at most ${most} assets (mostAssets)`, seen: `${found}`, isProven: true, isDefinite: true } }
}

function digestsOf(facts: HttpFacts): Readonly<Record<string, string>> {
  if (facts.kind !== 'answer' || facts.bodyRaw === undefined) return {}
  const { bodyRaw } = facts
  return Object.fromEntries(['sha256', 'sha384', 'sha512'].map((name) => [name, createHash(name).update(bodyRaw).digest('base64')]))
}
