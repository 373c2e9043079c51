import { z } from 'zod'
import { bucketUnknown, resourceNotFound } from '../errors.ts'
import { bodyOf, ok, pageOf, type Route } from '../route.ts'
import { hexId } from '../state.ts'

const kv = '/accounts/:account/storage/kv/namespaces'
const r2 = '/accounts/:account/r2/buckets'

/** What is stored lies in workerd, which the control plane does not open: whether a list answers is all that it tells. */
const listAtTheEdge: readonly never[] = []

/** KV namespaces and R2 buckets: whether they exist decides which versions can be uploaded and deployed. */
export const storageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: kv,
    needs: 'workers-kv:edit',
    query: ['page', 'per_page', 'order', 'direction'],
    answer(call) {
      const { shown, info } = pageOf([...call.plane.account.kvNamespaces.values()], call.request.query, 20)
      return ok(shown, { info })
    },
  },
  {
    method: 'POST',
    path: kv,
    needs: 'workers-kv:edit',
    answer(call) {
      const { title } = bodyOf(call, z.strictObject({ title: z.string() }))
      const namespace = { id: hexId(call.plane.world), title, supports_url_encoding: true }
      call.plane.account.kvNamespaces.set(namespace.id, namespace)
      return ok(namespace)
    },
  },
  {
    method: 'GET',
    path: `${kv}/:namespace`,
    needs: 'workers-kv:edit',
    answer(call) {
      const namespace = call.plane.account.kvNamespaces.get(call.param('namespace'))
      if (namespace === undefined) throw resourceNotFound('KV namespace')
      return ok(namespace)
    },
  },
  {
    method: 'GET',
    path: `${kv}/:namespace/keys`,
    needs: 'workers-kv:read',
    query: ['limit', 'cursor', 'prefix'],
    answer(call) {
      if (!call.plane.account.kvNamespaces.has(call.param('namespace'))) throw resourceNotFound('KV namespace')
      return ok(listAtTheEdge)
    },
  },
  {
    method: 'DELETE',
    path: `${kv}/:namespace`,
    needs: 'workers-kv:edit',
    answer(call) {
      if (!call.plane.account.kvNamespaces.delete(call.param('namespace'))) throw resourceNotFound('KV namespace')
      return ok(null)
    },
  },
  {
    method: 'GET',
    path: r2,
    needs: 'workers-r2:edit',
    query: ['name_contains', 'cursor', 'per_page', 'order', 'direction', 'start_after'],
    answer: (call) => ok({ buckets: [...call.plane.account.buckets.values()] }),
  },
  {
    method: 'POST',
    path: r2,
    needs: 'workers-r2:edit',
    answer(call) {
      const sent = bodyOf(
        call,
        z.strictObject({ name: z.string(), locationHint: z.string().optional(), storageClass: z.string().optional() }),
      )
      const bucket = { name: sent.name, creation_date: call.plane.world.now().toISOString(), storage_class: 'Standard' }
      call.plane.account.buckets.set(bucket.name, bucket)
      return ok(bucket)
    },
  },
  {
    method: 'GET',
    path: `${r2}/:bucket`,
    needs: 'workers-r2:edit',
    answer(call) {
      const bucket = call.plane.account.buckets.get(call.param('bucket'))
      if (bucket === undefined) throw bucketUnknown(call.param('bucket'))
      return ok(bucket)
    },
  },
  {
    method: 'GET',
    path: `${r2}/:bucket/objects`,
    needs: 'workers-r2:read',
    query: ['per_page', 'cursor', 'prefix', 'delimiter'],
    answer(call) {
      if (!call.plane.account.buckets.has(call.param('bucket'))) throw bucketUnknown(call.param('bucket'))
      return ok(listAtTheEdge)
    },
  },
  {
    method: 'DELETE',
    path: `${r2}/:bucket`,
    needs: 'workers-r2:edit',
    answer(call) {
      if (!call.plane.account.buckets.delete(call.param('bucket'))) throw bucketUnknown(call.param('bucket'))
      return ok({})
    },
  },
]
