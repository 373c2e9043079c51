/** KV and R2 as a Durable Object sees them: a loaded Worker cannot be given the real bindings. */
class Store {
  #edge
  #path

  constructor(edge, kind, name) {
    this.#edge = edge
    this.#path = `http://edge/stores/${kind}/${encodeURIComponent(name)}`
  }

  async ask(operation, args, body) {
    const headers = { 'sandbox-arguments': encodeURIComponent(JSON.stringify(args)) }
    const content = body === undefined ? undefined : await new Response(body).arrayBuffer()
    const answer = await this.#edge.fetch(`${this.#path}/${operation}`, { method: 'POST', headers, body: content })
    if (!answer.ok) throw new Error(await answer.text())
    return answer
  }

  async askJson(operation, args, body) {
    return (await this.ask(operation, args, body)).json()
  }
}

export class KvNamespace extends Store {
  constructor(edge, id) {
    super(edge, 'kv', id)
  }

  async get(key, options) {
    if (!Array.isArray(key)) return (await this.getWithMetadata(key, options)).value
    return new Map(await Promise.all(key.map(async (one) => [one, await this.get(one, options)])))
  }

  async getWithMetadata(key, options = {}) {
    if (Array.isArray(key)) {
      return new Map(await Promise.all(key.map(async (one) => [one, await this.getWithMetadata(one, options)])))
    }
    const { type = 'text', ...rest } = typeof options === 'string' ? { type: options } : options
    const answer = await this.ask('get', [key, rest])
    const metadata = about(answer)
    if (metadata === undefined) return { value: null, metadata: null, cacheStatus: null }
    const value = type === 'stream' ? answer.body : await answer[type]()
    return { value, metadata, cacheStatus: null }
  }

  async put(key, value, options) {
    await this.ask('put', [key, options], value)
  }

  async delete(key) {
    await this.ask('delete', [key])
  }

  list(options) {
    return this.askJson('list', [options])
  }
}

export class R2Bucket extends Store {
  constructor(edge, name) {
    super(edge, 'r2', name)
  }

  async get(key, options) {
    const answer = await this.ask('get', [key, options])
    const fields = about(answer)
    if (fields === undefined) return null
    const { bodyless, ...object } = fields
    return bodyless ? r2Object(object) : r2ObjectBody(object, answer)
  }

  async put(key, value, options) {
    return r2Object(await this.askJson('put', [key, options], value ?? ''))
  }

  async head(key) {
    return r2Object(await this.askJson('head', [key]))
  }

  async delete(keys) {
    await this.ask('delete', [keys])
  }

  async list(options) {
    const { objects, ...rest } = await this.askJson('list', [options])
    return { ...rest, objects: objects.map(r2Object) }
  }
}

function about(answer) {
  const header = answer.headers.get('sandbox-about')
  return header === null ? undefined : JSON.parse(decodeURIComponent(header))
}

function r2Object(fields) {
  return fields === null ? null : { ...fields, uploaded: new Date(fields.uploaded) }
}

function r2ObjectBody(fields, answer) {
  return {
    ...r2Object(fields),
    body: answer.body,
    text: () => answer.text(),
    json: () => answer.json(),
    arrayBuffer: () => answer.arrayBuffer(),
    blob: () => answer.blob(),
    bytes: () => answer.bytes(),
  }
}
