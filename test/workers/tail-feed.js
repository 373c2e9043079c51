import worker from './index.js'

export { Counts } from './index.js'

// The Tail Worker as it is, and a door through which a test hands it trace items of its own.
export default {
  tail: worker.tail,
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== '/feed') return worker.fetch(request, env)
    await worker.tail(await request.json(), env, context)
    return new Response(null, { status: 204 })
  },
}
