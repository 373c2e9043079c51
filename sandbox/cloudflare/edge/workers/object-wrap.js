import { KvNamespace, R2Bucket } from './sandbox-object-stores.js'

/**
 * A version's Durable Object class as the object host runs it: with its stores in `env`, and with alarms,
 * which a facet cannot set and its host sets for it. `undefined` for a class that the version lacks.
 */
export function wrap(UserClass, stores) {
  if (UserClass === undefined) return undefined
  const Wrapped = class extends UserClass {
    constructor(ctx, env) {
      const { SANDBOX_EDGE: edge, ...own } = env
      lendAlarms(ctx, edge)
      super(ctx, Object.defineProperties(own, storeProperties(stores, edge)))
    }

    /** `alarm` itself is not for calls from outside. */
    sandboxAlarm(info) {
      return this.alarm(info)
    }
  }
  return Object.defineProperty(Wrapped, 'name', { value: UserClass.name })
}

function storeProperties(stores, edge) {
  return Object.fromEntries(stores.map((store) => [store.binding, storeProperty(store, edge)]))
}

function storeProperty({ binding, kind, name }, edge) {
  if (kind === 'kv') return { value: new KvNamespace(edge, name), enumerable: true }
  if (kind === 'r2') return { value: new R2Bucket(edge, name), enumerable: true }
  return {
    get() {
      throw new Error(`the sandbox cannot bind ${binding}, which is of type ${kind}, inside a Durable Object`)
    },
  }
}

function lendAlarms({ storage, props }, edge) {
  const ask = async (operation, time) => {
    const body = JSON.stringify({ target: props, operation, time })
    const answer = await edge.fetch('http://edge/alarm', { method: 'POST', body })
    if (!answer.ok) throw new Error(await answer.text())
    return answer.json()
  }
  Object.defineProperties(storage, {
    setAlarm: { value: async (time) => void (await ask('set', Number(time))) },
    getAlarm: { value: () => ask('get') },
    deleteAlarm: { value: async () => void (await ask('delete')) },
  })
}
