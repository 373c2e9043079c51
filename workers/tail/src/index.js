import { requestOf } from './request-of.js'
import { refusalOf } from './bearer.js'

export { Counts } from './counts.js'

const LONGEST_SCRIPT_NAME = 255
const LONGEST_INTERVAL_MS = 86_400_000

export default {
  /** One object a script: what a batch tells of it is counted in one call. */
  async tail(items, env, ctx) {
    const byScript = Map.groupBy(items.map((item) => requestOf(item, ctx.props ?? {}, env)).filter(Boolean), ({ script }) => script)
    await Promise.all([...byScript].map(([script, requests]) => env.COUNTS.getByName(script).add(script, requests)))
  },

  async fetch(request, env) {
    const refusal = await refusalOf(request, env.TAIL_TOKEN)
    if (refusal !== undefined) return refusal
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== '/counts') return answer(404, { error: 'there is only /counts' })
    if (request.method !== 'GET') return answer(405, { error: 'only GET' }, { allow: 'GET' })
    const question = { script: searchParams.get('script') ?? '', fromMs: wholeOf(searchParams.get('from')), toMs: wholeOf(searchParams.get('to')), sinceMs: wholeOf(searchParams.get('since')) }
    const problem = problemOf(question)
    if (problem !== undefined) return answer(400, { error: problem })
    return answer(200, await env.COUNTS.getByName(question.script).read(question))
  },
}

function problemOf({ script, fromMs, toMs }) {
  if (script === '' || script.length > LONGEST_SCRIPT_NAME) return 'script: expected the name of a Worker'
  if (fromMs === undefined || toMs === undefined) return 'from, to: expected milliseconds since 1970'
  if (toMs <= fromMs || toMs - fromMs > LONGEST_INTERVAL_MS) return 'from, to: expected an interval of at most a day'
  return undefined
}

function wholeOf(text) {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined
}

/** Never cached: an old answer would pass for a quiet minute. */
function answer(status, body, headers = {}) {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } })
}
