import { judgeStorage, type KvCheckSpec, type R2CheckSpec, type StorageFacts } from '../../core/checks/storage.ts'
import type { Attempt } from '../../core/checks/result.ts'
import type { Read } from '../answers.ts'

/** What of Cloudflare's API these checks ask. */
export interface StorageLists {
  listBucket(name: string): Promise<Read<unknown>>
  listNamespace(id: string): Promise<Read<unknown>>
}

export async function attemptStorage(spec: R2CheckSpec | KvCheckSpec, lists: StorageLists | undefined, limitMs: number): Promise<Attempt> {
  if (lists === undefined) return judgeStorage(spec, { kind: 'not-asked' })
  const asked = spec.kind === 'r2' ? lists.listBucket(spec.bucket) : lists.listNamespace(spec.namespaceId)
  return judgeStorage(spec, factsOf(await within(asked, limitMs)))
}

function factsOf(read: Read<unknown>): StorageFacts {
  return read.kind === 'ok' ? { kind: 'listed' } : read
}

/** The client repeats its reads by itself; the check's own limit stands over that. */
async function within(asked: Promise<Read<unknown>>, limitMs: number): Promise<Read<unknown>> {
  const limit = Promise.withResolvers<Read<unknown>>()
  const timer = setTimeout(() => limit.resolve({ kind: 'unavailable', message: `no answer within ${limitMs / 1000} s` }), limitMs)
  try {
    return await Promise.race([asked, limit.promise])
  } finally {
    clearTimeout(timer)
  }
}
