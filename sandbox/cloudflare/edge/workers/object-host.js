import { DurableObject } from 'cloudflare:workers'

/**
 * Holds one Durable Object of any script, as a facet of itself. The facet's storage is one and the same
 * whichever version's code runs on it, and there is never more than one: an object has one version.
 */
export class ObjectHost extends DurableObject {
  /** The version that the object runs, known until this host hibernates; its facet may live on. */
  running
  asking

  async call(target, method, args) {
    const object = await this.current(target)
    return object[method](...args)
  }

  async fetch(request) {
    const headers = new Headers(request.headers)
    const target = JSON.parse(headers.get('sandbox-object'))
    headers.delete('sandbox-object')
    const object = await this.current(target)
    return object.fetch(new Request(request, { headers }))
  }

  /** A facet's alarm is its host's; the time of the one that is set, or null. */
  async setAlarm(target, operation, time) {
    if (operation === 'set') {
      await this.ctx.storage.put('target', target)
      await this.ctx.storage.setAlarm(time)
    }
    if (operation === 'delete') await this.ctx.storage.deleteAlarm()
    return this.ctx.storage.getAlarm()
  }

  async alarm({ isRetry, retryCount, scheduledTime }) {
    const object = await this.current(await this.ctx.storage.get('target'))
    await object.sandboxAlarm({ isRetry, retryCount, scheduledTime })
  }

  /** Takes up a new deployment's code now, if it is time. */
  async refresh(target) {
    await this.asking?.catch(() => undefined)
    await this.ask(target)
  }

  /** An object that is awake runs what it runs until the edge, which knows it, tells it to look again. */
  async current(target) {
    if (this.running === undefined) await this.ask(target)
    const versionId = this.running
    return this.ctx.facets.get('object', () => ({ class: this.classOf(target, versionId), id: target.id }))
  }

  /** Whoever comes while the question is open shares its answer, so that no older one overtakes it. */
  ask(target) {
    this.asking ??= this.takeUp(target).finally(() => {
      this.asking = undefined
    })
    return this.asking
  }

  async takeUp(target) {
    const answer = await this.env.EDGE.fetch('http://edge/object-version', post({ ...target, running: this.running }))
    if (!answer.ok) throw new Error(await answer.text())
    const { versionId, restart } = await answer.json()
    if (restart) this.ctx.facets.abort('object', new Error('Durable Object reset because its code was updated.'))
    this.running = versionId
  }

  classOf(target, versionId) {
    const code = async () => loadable(await (await this.env.EDGE.fetch(`http://edge/code/${versionId}`)).json(), this.env)
    return this.env.LOADER.get(versionId, code).getDurableObjectClass(target.className, { props: target })
  }
}

/** Told by the edge that objects have to look what to run, or what has become of an alarm. */
export default {
  async fetch(request, env) {
    const host = ({ scriptName, className, id }) => env.OBJECTS.get(env.OBJECTS.idFromName(`${scriptName}/${className}/${id}`))
    const body = await request.json()
    if (new URL(request.url).pathname === '/alarm') {
      return Response.json(await host(body.target).setAlarm(body.target, body.operation, body.time))
    }
    await Promise.all(body.map((target) => host(target).refresh(target)))
    return new Response()
  },
}

function post(body) {
  return { method: 'POST', body: JSON.stringify(body) }
}

function loadable(code, env) {
  const modules = code.modules.map(({ name, type, text, base64 }) => [name, loadableModule(type, text ?? bytes(base64))])
  return { ...code, modules: Object.fromEntries(modules), env: { ...code.env, SANDBOX_EDGE: env.EDGE } }
}

function loadableModule(type, content) {
  if (type === 'esm') return { js: content }
  return { [type]: type === 'json' ? JSON.parse(content) : content }
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer
}
