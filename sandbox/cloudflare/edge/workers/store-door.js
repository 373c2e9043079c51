/** Opens a version's KV namespaces and R2 buckets to Durable Objects, which run in another process. */
export default {
  async fetch() {
    return new Response('nothing here yet', { status: 501 })
  },
}
