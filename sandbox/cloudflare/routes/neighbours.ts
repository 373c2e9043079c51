import { z } from 'zod'
import { resourceNotFound } from '../errors.ts'
import { bodyOf, ok, type Call, type Route } from '../route.ts'
import { hexId, type Resource } from '../state.ts'

const queues = '/accounts/:account/queues'
const containers = '/accounts/:account/containers/applications'

const consumers = z.array(z.record(z.string(), z.unknown()))
const anything = z.record(z.string(), z.unknown())

/** Queues, container applications and Durable Object namespaces: kept as sent, for wrangler to find again. */
export const neighbourRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/accounts/:account/workers/durable_objects/namespaces',
    needs: 'workers-scripts:read',
    query: ['page', 'per_page'],
    answer(call) {
      const scripts = [...call.plane.account.scripts.values()]
      const namespaces = scripts.flatMap((script) =>
        [...script.durableObjectClasses].map(([name, { namespaceId, storage }]) => ({
          id: namespaceId,
          name: `${script.name}_${name}`,
          script: script.name,
          class: name,
          use_sqlite: storage === 'sql',
        })),
      )
      return ok(namespaces)
    },
  },
  {
    method: 'GET',
    path: queues,
    needs: 'queues:edit',
    query: ['page', 'name'],
    answer(call) {
      const name = call.request.query.get('name')
      const all = [...call.plane.account.queues.values()]
      return ok(all.filter((queue) => name === null || queue['queue_name'] === name))
    },
  },
  {
    method: 'POST',
    path: queues,
    needs: 'queues:edit',
    answer(call) {
      const sent = bodyOf(call, z.strictObject({ queue_name: z.string(), settings: z.unknown().optional() }))
      const queue = { ...sent, queue_id: hexId(call.plane.world), consumers: [], producers: [] }
      call.plane.account.queues.set(queue.queue_id, queue)
      return ok(queue)
    },
  },
  {
    method: 'POST',
    path: `${queues}/:queue/consumers`,
    needs: 'queues:edit',
    answer(call) {
      const queue = kept(call, call.plane.account.queues, 'queue')
      const sent = bodyOf(call, anything)
      const consumer = {
        ...sent,
        consumer_id: hexId(call.plane.world),
        script: sent['script_name'],
        service: sent['script_name'],
        environment: 'production',
      }
      const all = [...consumers.parse(queue['consumers']), consumer]
      call.plane.account.queues.set(call.param('queue'), { ...queue, consumers: all })
      return ok(consumer)
    },
  },
  {
    method: 'PUT',
    path: `${queues}/:queue/consumers/:consumer`,
    needs: 'queues:edit',
    answer(call) {
      const queue = kept(call, call.plane.account.queues, 'queue')
      const sent = bodyOf(call, anything)
      const all = consumers.parse(queue['consumers'])
      const before = all.find((consumer) => consumer['consumer_id'] === call.param('consumer'))
      if (before === undefined) throw resourceNotFound('queue consumer')
      const after = { ...before, ...sent }
      const replaced = all.map((consumer) => (consumer === before ? after : consumer))
      call.plane.account.queues.set(call.param('queue'), { ...queue, consumers: replaced })
      return ok(after)
    },
  },
  {
    method: 'GET',
    path: containers,
    needs: 'containers:edit',
    query: ['name', 'image', 'label'],
    answer: (call) => ok([...call.plane.account.containers.values()]),
  },
  {
    method: 'POST',
    path: containers,
    needs: 'containers:edit',
    answer(call) {
      const application = { ...bodyOf(call, anything), id: call.plane.world.uuid(), account_id: call.plane.account.id }
      call.plane.account.containers.set(application.id, application)
      return ok(application)
    },
  },
  {
    method: 'PATCH',
    path: `${containers}/:application`,
    needs: 'containers:edit',
    answer(call) {
      const application = {
        ...kept(call, call.plane.account.containers, 'application'),
        ...bodyOf(call, anything),
      }
      call.plane.account.containers.set(call.param('application'), application)
      return ok(application)
    },
  },
  {
    method: 'POST',
    path: `${containers}/:application/rollouts`,
    needs: 'containers:edit',
    answer(call) {
      kept(call, call.plane.account.containers, 'application')
      return ok({ ...bodyOf(call, anything), id: call.plane.world.uuid(), status: 'progressing' })
    },
  },
]

function kept(call: Call, resources: ReadonlyMap<string, Resource>, name: string): Resource {
  const found = resources.get(call.param(name))
  if (found === undefined) throw resourceNotFound(name)
  return found
}
