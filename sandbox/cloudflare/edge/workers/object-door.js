import { DurableObject } from 'cloudflare:workers'

/** A class whose objects pass each fetch and each RPC call on to the host of all objects. */
export function door({ scriptName, className }) {
  return class extends DurableObject {
    constructor(ctx, env) {
      super(ctx, env)
      const target = { scriptName, className, id: ctx.id.toString() }
      const host = env.OBJECT_HOST.get(env.OBJECT_HOST.idFromName(`${scriptName}/${className}/${target.id}`))
      this.fetch = (request) => host.fetch(addressed(request, target))
      return new Proxy(this, {
        get(object, property) {
          if (Reflect.has(object, property)) return Reflect.get(object, property)
          return (...args) => host.call(target, property, args)
        },
      })
    }
  }
}

function addressed(request, target) {
  const headers = new Headers(request.headers)
  headers.set('sandbox-object', JSON.stringify(target))
  return new Request(request, { headers })
}
