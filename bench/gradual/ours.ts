import { randomFrom, seedFrom } from '../simulation/random.ts'
import { BASE_ERRORS, RATE, SOAK_SECONDS } from './plan.ts'
import type { Deployed, Production } from './production.ts'
import { servedBy, type Served } from './tally.ts'
import { startUsers } from './users.ts'

/** One rollout by Sleepwell under load. */
export interface Rollout extends Deployed {
  /** The largest share that the candidate had. */
  readonly reachedPercent: number
  /** From the first split read at the edge until everybody was back, or was on the new version. */
  readonly splitSeconds: number
  readonly served: Served
  /** Requests that users sent and had answered. */
  readonly requestsPerSecond: number
}

/** The version that fails; the checks cannot see it. */
export function rollOutBad(production: Production, seed: number): Promise<Rollout> {
  return rollOut(production, { health: 'bad', seed, dependencyErrors: () => BASE_ERRORS })
}

export const INCIDENT_ERRORS = 0.2
export const JUMPED_ERRORS = 0.05
/** Two of a step's five minutes. */
export const INCIDENT_SECONDS = SOAK_SECONDS * 0.4

/** As good as the baseline. At 10 % a service behind both fails for a while; from 50 % on it fails more for good. */
export function rollOutGood(production: Production, seed: number): Promise<Rollout> {
  const incidentAfter = randomFrom(seedFrom(`${seed}/incident`))() * (SOAK_SECONDS - INCIDENT_SECONDS)
  let tenPercentSince: number | undefined
  const dependencyErrors = () => {
    const percent = production.candidatePercent()
    if (percent >= 50) return JUMPED_ERRORS
    if (percent < 10) return BASE_ERRORS
    tenPercentSince ??= performance.now()
    const seconds = (performance.now() - tenPercentSince) / 1000
    return seconds >= incidentAfter && seconds < incidentAfter + INCIDENT_SECONDS ? INCIDENT_ERRORS : BASE_ERRORS
  }
  return rollOut(production, { health: 'good', seed, dependencyErrors })
}

interface Asked {
  readonly health: 'good' | 'bad'
  readonly seed: number
  readonly dependencyErrors: () => number
}

async function rollOut(production: Production, { health, seed, dependencyErrors }: Asked): Promise<Rollout> {
  const { platform, url } = production
  platform.edge.resetCounts()
  const users = startUsers(url, seed, dependencyErrors)
  const share = watchShare(production)
  const deployed = await production.deploy(health, `${health} ${seed}`)
  const split = share.stop()
  const requestsPerSecond = await users.stop()
  if (requestsPerSecond < RATE * 0.9) console.error(`seed ${seed}: only ${requestsPerSecond.toFixed(0)} requests a second`)
  return { ...deployed, ...split, served: servedBy(platform, deployed.versionId), requestsPerSecond }
}

const LOOK_MS = 50

function watchShare({ candidatePercent }: Production) {
  let [reachedPercent, splitMs, last] = [0, 0, performance.now()]
  const look = () => {
    const [percent, now] = [candidatePercent(), performance.now()]
    reachedPercent = Math.max(reachedPercent, percent)
    if (percent > 0 && percent < 100) splitMs += now - last
    last = now
  }
  const timer = setInterval(look, LOOK_MS)
  return {
    stop() {
      look()
      clearInterval(timer)
      return { reachedPercent, splitSeconds: splitMs / 1000 }
    },
  }
}
