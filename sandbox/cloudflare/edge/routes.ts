import type { IncomingHttpHeaders } from 'node:http'
import type { Random } from '../../random.ts'
import type { Share } from '../types.ts'
import { everywhereAt, locationNamed, seenAt, spreadDelays, stillSeen, type Published } from './propagation.ts'
import { chooseVersion } from './split.ts'

type History = readonly Published<readonly Share[]>[]

/** Which version of which script answers, as each location knows the splits by now. */
export interface Routes extends Disposable {
  publish(scriptName: string, shares: readonly Share[], everywhere: () => void): void
  remove(scriptName: string): void
  choose(headers: IncomingHttpHeaders, portScript: string | undefined): Choice
  /** Whether some location may still send requests to this version. */
  isNeeded(versionId: string): boolean
  setPropagationDelay(longestMilliseconds: number, locations?: number): void
}

export interface Choice {
  readonly scriptName: string
  readonly location: number
  readonly versionId: string | undefined
}

export function createRoutes(random: Random): Routes {
  const histories = new Map<string, History>()
  const timers = new Set<NodeJS.Timeout>()
  let delaysMilliseconds = spreadDelays(0, 1)
  return {
    publish(scriptName, shares, everywhere) {
      const now = Date.now()
      const entry = { publishedAt: now, delaysMilliseconds, value: shares }
      histories.set(scriptName, [...stillSeen(histories.get(scriptName) ?? [], now), entry])
      const timer = setTimeout(() => {
        timers.delete(timer)
        everywhere()
      }, everywhereAt(entry) - now)
      timers.add(timer.unref())
    },
    remove: (scriptName) => void histories.delete(scriptName),
    choose(headers, portScript) {
      const scriptName = portScript ?? namedScript(headers, histories)
      const place = single(headers['cf-sandbox-location'])
      const location = place === undefined ? Math.floor(random() * delaysMilliseconds.length) : locationNamed(place)
      const shares = seenAt(histories.get(scriptName) ?? [], location, Date.now())
      if (shares === undefined) return { scriptName, location, versionId: undefined }
      const overrides = single(headers['cloudflare-workers-version-overrides'])
      const affinityKey = single(headers['cloudflare-workers-version-key'])
      return { scriptName, location, versionId: chooseVersion({ scriptName, shares, overrides, affinityKey }, random) }
    },
    isNeeded: (versionId) =>
      [...histories.values()].some((history) =>
        stillSeen(history, Date.now()).some(({ value }) => value.some((share) => share.versionId === versionId)),
      ),
    setPropagationDelay(longestMilliseconds, locations = 1) {
      delaysMilliseconds = spreadDelays(longestMilliseconds, locations)
    },
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** By header, else by the first label of the host name, else the only script that there is. */
function namedScript(headers: IncomingHttpHeaders, histories: ReadonlyMap<string, History>): string {
  const label = (headers.host ?? '').split('.')[0] ?? ''
  const named = single(headers['cf-sandbox-script']) ?? label
  const [only, ...others] = histories.keys()
  return histories.has(named) || only === undefined || others.length > 0 ? named : only
}

/** Node joins repeated headers with commas, as RFC 9110 (section 5.3) reads them; only cookies come as lists. */
function single(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' || header === undefined ? header : header.join(', ')
}
