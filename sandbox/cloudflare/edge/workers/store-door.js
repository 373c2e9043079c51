/** Opens a version's KV namespaces and R2 buckets to Durable Objects, which run in another process. */
export default {
  async fetch(request, env) {
    const [, , kind, store, operation] = new URL(request.url).pathname.split('/').map(decodeURIComponent)
    const args = JSON.parse(decodeURIComponent(request.headers.get('sandbox-arguments')))
    try {
      const operations = kind === 'kv' ? kvOperations : r2Operations
      return await operations[operation](env[`${kind}/${store}`], args, request)
    } catch (error) {
      return new Response(error.message, { status: 500 })
    }
  },
}

const kvOperations = {
  async get(namespace, [key, options]) {
    const { value, metadata } = await namespace.getWithMetadata(key, { ...options, type: 'stream' })
    return withHeader(value, value === null ? undefined : metadata)
  },
  async put(namespace, [key, options], request) {
    await namespace.put(key, await request.arrayBuffer(), options)
    return Response.json(null)
  },
  async delete(namespace, [key]) {
    await namespace.delete(key)
    return Response.json(null)
  },
  list: async (namespace, [options]) => Response.json(await namespace.list(options)),
}

const r2Operations = {
  async get(bucket, [key, options]) {
    const object = await bucket.get(key, options)
    return withHeader(object?.body ?? null, object === null ? undefined : { ...fieldsOf(object), bodyless: !('body' in object) })
  },
  async put(bucket, [key, options], request) {
    return Response.json(fieldsOf(await bucket.put(key, await request.arrayBuffer(), options)))
  },
  head: async (bucket, [key]) => Response.json(fieldsOf(await bucket.head(key))),
  async delete(bucket, [keys]) {
    await bucket.delete(keys)
    return Response.json(null)
  },
  async list(bucket, [options]) {
    const { objects, ...rest } = await bucket.list(options)
    return Response.json({ ...rest, objects: objects.map(fieldsOf) })
  },
}

/** What is told about a value goes in a header; without it there is no value. */
function withHeader(body, about) {
  const headers = about === undefined ? {} : { 'sandbox-about': encodeURIComponent(JSON.stringify(about)) }
  return new Response(body, { headers })
}

function fieldsOf(object) {
  if (object === null) return null
  const { key, version, size, etag, httpEtag, uploaded, httpMetadata, customMetadata, range, storageClass } = object
  return { key, version, size, etag, httpEtag, uploaded, httpMetadata, customMetadata, range, storageClass }
}
