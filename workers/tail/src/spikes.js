/** An error belongs to a deploy so long after the first user met its version. */
const FOLLOWS_DEPLOY_MS = 30 * 60_000
const WINDOW_SECONDS = 300
const USUAL_SECONDS = 3600
const LEAST_BAD = 5
const LEAST_RATE = 0.05
/** Times the rate of the other versions: what hits all of them did not come with the deploy. */
const LEAST_RATIO = 3
/** Of the other versions; fewer say nothing about their rate. */
const LEAST_USUAL = 20

const KINDS = { exceptions: 'exceptions', serverErrors: 'server-errors' }

/** A new version's errors of the last minutes, where they are more than a few and far more than the others'. */
export function spikesOf(tally, nowMs) {
  const now = Math.floor(nowMs / 1000)
  return tally.versionsSince(nowMs - FOLLOWS_DEPLOY_MS).flatMap(({ version, script, firstMs }) => {
    const first = Math.floor(firstMs / 1000)
    const recent = tally.sumOf(version, now - WINDOW_SECONDS)
    const others = [tally.sumOfOthers(version, now - WINDOW_SECONDS, now + 1), tally.sumOfOthers(version, first - USUAL_SECONDS, first)]
    // Those of the same minutes where there are any: they have met the same weather.
    const usual = others.find(({ requests }) => requests >= LEAST_USUAL)
    return Object.entries(KINDS)
      .filter(([field]) => isSpike(recent[field], recent.requests, usual === undefined ? 0 : usual[field] / usual.requests))
      .map(([field, kind]) => ({ script, version, kind, bad: recent[field], requests: recent.requests, usualBad: usual?.[field] ?? 0, usualRequests: usual?.requests ?? 0, firstMs, nowMs }))
  })
}

function isSpike(bad, requests, usualRate) {
  if (bad < LEAST_BAD) return false
  return bad / requests >= Math.max(LEAST_RATE, LEAST_RATIO * usualRate)
}
