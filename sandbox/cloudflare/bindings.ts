import { resolveDurableObject } from './durable-objects.ts'
import * as errors from './errors.ts'
import type { Metadata } from './metadata.ts'
import type { AccountState, DurableObjectClass } from './state.ts'
import type { Binding, Version } from './types.ts'

interface Context {
  readonly account: AccountState
  readonly script: string
  readonly classes: Map<string, DurableObjectClass>
  /** The newest version, from which bindings are inherited. */
  readonly previous: Version | undefined
  /** `?bindings_inherit=strict`: what cannot be inherited refuses the upload. */
  readonly strictInherit: boolean
}

/**
 * The bindings of a new version: those sent, with `inherit` replaced by the previous version's binding,
 * and those of the previous version whose type `keep_bindings` names (docs "Multipart upload metadata").
 */
export function resolveBindings(metadata: Metadata, context: Context): readonly Binding[] {
  const sent: readonly Binding[] = metadata.bindings ?? []
  refuseDuplicates(sent)
  const own = sent.flatMap((binding) => inherited(binding, context))
  const kept = (context.previous?.bindings ?? []).filter(
    (binding) =>
      metadata.keep_bindings?.includes(binding.type) === true && !sent.some((other) => other.name === binding.name),
  )
  return [...own, ...kept].map((binding) => resolved(binding, metadata, context))
}

function refuseDuplicates(bindings: readonly Binding[]): void {
  const twice = bindings.find((binding, index) => bindings.findIndex((other) => other.name === binding.name) < index)
  if (twice !== undefined) throw errors.bindingNameTaken(twice.name)
}

function inherited(binding: Binding, context: Context): readonly Binding[] {
  if (binding.type !== 'inherit') return [binding]
  const oldName = binding['old_name']
  const source = typeof oldName === 'string' ? oldName : binding.name
  const found = context.previous?.bindings.find((other) => other.name === source)
  if (found !== undefined) return [{ ...found, name: binding.name }]
  if (context.strictInherit) throw errors.inheritUnresolved(binding.name)
  return []
}

function resolved(binding: Binding, metadata: Metadata, context: Context): Binding {
  const namespaceId = String(binding['namespace_id'])
  const bucketName = String(binding['bucket_name'])
  switch (binding.type) {
    case 'kv_namespace':
      if (!context.account.kvNamespaces.has(namespaceId)) throw errors.kvNamespaceNotFound(namespaceId)
      return binding
    case 'r2_bucket':
      if (!context.account.buckets.has(bucketName)) throw errors.bucketNotFound(bucketName)
      return binding
    case 'durable_object_namespace':
      return resolveDurableObject(binding, { ...context, exports: metadata.exports })
  }
  return binding
}
