/** Hands on the R2 operations of each invocation as workerd itself traces them (docs "Workers tracing, Spans and attributes"). */
export default {
  tailStream(_onset, env) {
    const open = new Map()
    const ended = []
    return {
      spanOpen({ event, timestamp }) {
        if (event.name.startsWith('r2_')) open.set(event.spanId, { name: event.name, atMs: Number(new Date(timestamp)), attributes: {} })
      },
      attributes({ event, spanContext }) {
        const span = open.get(spanContext.spanId)
        if (span === undefined) return
        for (const { name, value } of event.info) span.attributes[name] = typeof value === 'bigint' ? Number(value) : value
      },
      spanClose({ spanContext }) {
        const span = open.get(spanContext.spanId)
        if (span !== undefined) ended.push(span)
      },
      async outcome() {
        if (ended.length > 0) await env.SPANS.fetch('http://spans/', { method: 'POST', body: JSON.stringify(ended) })
      },
    }
  },
}
