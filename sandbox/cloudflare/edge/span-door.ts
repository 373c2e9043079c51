import { Response, type WorkerOptions } from 'miniflare'
import { z } from 'zod'
import { ownCompatibilityDate, workerSource } from './object-doors.ts'

const spansSchema = z.array(z.object({ name: z.string(), atMs: z.number(), attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }))
/** One call of a binding, as workerd traced it. */
export type TracedSpan = z.infer<typeof spansSchema>[number]

/** The Worker beside a version that hears of its spans, in workerd's own words. */
export function spanWorker(name: string, onSpans: (spans: readonly TracedSpan[]) => void): WorkerOptions {
  return {
    config: {
      name,
      compatibilityDate: ownCompatibilityDate,
      compatibilityFlags: ['streaming_tail_worker'],
      manifest: { mainModule: 'span-door.js', modules: { 'span-door.js': { type: 'esm', contents: workerSource('span-door.js') } } },
      env: {
        SPANS: {
          type: 'fetcher',
          handler: async (request) => {
            onSpans(spansSchema.parse(await request.json()))
            return new Response(null, { status: 204 })
          },
        },
      },
    },
    dev: { unsafeRegisterWorker: false },
  }
}
