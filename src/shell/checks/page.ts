import type { HttpFacts } from '../../core/checks/answer.ts'
import { algorithmsOf, judgeAsset, judgePage, namesOf, type Asset, type PageCheckSpec } from '../../core/checks/page.ts'
import { alone, type PartSeen, type Seen } from '../../core/checks/seen.ts'
import { askWorker, urlBelow, type Asking, type AskingPorts } from './asking.ts'
import { askFollowing } from './http-redirects.ts'

const MOST_PAGE_BYTES = 1_048_576
const MOST_ASSET_BYTES = 8_388_608
/** Of all assets of one attempt. */
const MOST_BYTES = 67_108_864
/** Of an asset, enough to recognise an error page; the rest of it is but counted and digested. */
const KEPT_ASSET_BYTES = 4096
const AT_ONCE = 6

/** Loads the page and what it refers to, by the same door. */
export async function attemptPage(spec: PageCheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  const facts = await askWorker({ path: spec.path, method: 'GET', headers: spec.headers, maxBodyBytes: MOST_PAGE_BYTES }, asking, ports)
  const own = judgePage(spec, facts, asking.subject.versionId)
  if (facts.kind !== 'answer' || !isReadable(own.kind)) return alone(own)
  const { assetsIn } = await import('./page-assets.ts')
  const home = asking.baseUrl.origin
  const assets = assetsIn(facts.body, urlBelow(asking.baseUrl, spec.path)).filter(({ url }) => spec.external || new URL(url).origin === home)
  const parts = await loadAll(assets.slice(0, spec.mostAssets), { spec, asking, ports, endsAt: performance.now() + asking.limitMs - facts.durationMs })
  const tooMany = assets.length > spec.mostAssets ? [tooManyPart(assets.length, spec.mostAssets)] : []
  return { own, parts: [...parts, ...tooMany] }
}

function isReadable(kind: Seen['own']['kind']): boolean {
  return kind === 'passed' || kind === 'unproven' || kind === 'no-proof'
}

interface Loading {
  readonly spec: PageCheckSpec
  readonly asking: Asking
  readonly ports: AskingPorts
  readonly endsAt: number
}

/** Each once, some at a time; the parts stand in the page's order. */
async function loadAll(assets: readonly Asset[], loading: Loading): Promise<readonly PartSeen[]> {
  const names = namesOf(assets, loading.asking.baseUrl.origin)
  const parts: PartSeen[] = []
  const queue = [...assets.entries()]
  let leftBytes = MOST_BYTES
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, asset] = next
      const facts = await load(asset, Math.max(1, Math.min(MOST_ASSET_BYTES, leftBytes)), loading)
      if (facts.kind === 'answer') leftBytes -= facts.bodyBytes ?? 0
      parts[index] = judge({ asset, name: names[index] ?? asset.url, facts }, loading)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return parts
}

async function load(asset: Asset, maxBodyBytes: number, { spec, asking, ports, endsAt }: Loading): Promise<HttpFacts> {
  const request = { url: new URL(asset.url), method: 'GET', headers: spec.headers, maxBodyBytes, keptBodyBytes: KEPT_ASSET_BYTES, digests: algorithmsOf(asset) }
  const facts = await askFollowing(request, { ...asking, limitMs: Math.max(1, endsAt - performance.now()) }, ports)
  // Of the whole attempt: that one asset had less is the others' doing.
  return facts.kind === 'timed-out' ? { ...facts, limitMs: asking.limitMs } : facts
}

function judge({ asset, name, facts }: { readonly asset: Asset; readonly name: string; readonly facts: HttpFacts }, { spec, asking }: Loading): PartSeen {
  const isExternal = new URL(asset.url).origin !== asking.baseUrl.origin
  return judgeAsset(spec, { asset, name, facts, isExternal }, asking.subject.versionId)
}

function tooManyPart(found: number, most: number): PartSeen {
  return { name: 'assets', attempt: { kind: 'failed', expectation: `at most ${most} assets (mostAssets)`, seen: `${found}`, isProven: true, isDefinite: true } }
}
