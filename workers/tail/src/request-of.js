import { slowerThan } from './wall-times.js'

// A trace item as docs "Tail Workers, Tail handler" has it.

/** Docs "Gradual deployments, Version overrides": who sends it has chosen the version, and is no sample of the users. */
const OVERRIDE_HEADER = 'cloudflare-workers-version-overrides'

/** Docs "Gradual deployments, Version affinity": requests of one key meet one version. */
const USER_HEADER = 'cloudflare-workers-version-key'

/**
 * What an item counts as; `undefined` for what is no request of a user. On the platform it names its script and version
 * itself; where a runtime does not, the consumer's props or this Worker's own variables may.
 */
export function requestOf(item, props, env) {
  const request = item.event?.request
  if (request === undefined || request.headers?.[OVERRIDE_HEADER] !== undefined) return undefined
  // An object that was called by a request has an item of its own: its user's request would count twice.
  if (item.durableObjectId || (item.executionModel ?? 'stateless') !== 'stateless') return undefined
  const script = textOf(item.scriptName, props.scriptName, env.SCRIPT_NAME)
  if (script === '') return undefined
  return {
    script,
    /** Empty: nobody knows. */
    version: textOf(item.scriptVersion?.id, props.versionId, env.VERSION_ID),
    startedAtMs: item.eventTimestamp,
    // A client that gave up counts too: a version that hangs shows in nothing else.
    isException: item.outcome !== 'ok',
    isServerError: (item.event.response?.status ?? 0) >= 500,
    slowerThan: slowerThan(item.wallTime),
    /** Empty: nobody counts users, or the request names none. */
    userKey: env.COUNT_USERS === 'true' ? keyOf(request) : '',
  }
}

/** Docs "Tail Workers, Tail handler": a header with `key` in its name is redacted unless one asks for it. */
function keyOf(request) {
  const { headers } = request.getUnredacted?.() ?? request
  return headers?.[USER_HEADER] ?? ''
}

function textOf(...candidates) {
  return candidates.find((one) => typeof one === 'string' && one !== '') ?? ''
}
