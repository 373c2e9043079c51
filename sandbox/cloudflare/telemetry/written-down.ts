import { z } from 'zod'

/** Docs "Workers Logs": wrangler's `observability`, as script settings keep it. */
const settingSchema = z
  .looseObject({
    enabled: z.boolean().nullish(),
    head_sampling_rate: z.number().min(0).max(1).nullish(),
    logs: z
      .looseObject({ enabled: z.boolean().nullish(), head_sampling_rate: z.number().min(0).max(1).nullish(), invocation_logs: z.boolean().nullish() })
      .nullish(),
    traces: z.looseObject({ enabled: z.boolean().nullish(), head_sampling_rate: z.number().min(0).max(1).nullish() }).nullish(),
  })
  .nullish()

/** The share of requests whose invocation is written down; docs "Workers Logs": off unless enabled, else all. */
export function writtenDownShare(observability: unknown): number {
  const setting = settingSchema.safeParse(observability).data
  const logs = setting?.logs ?? undefined
  const isOn = logs?.enabled ?? setting?.enabled ?? false
  if (!isOn || logs?.invocation_logs === false) return 0
  return logs?.head_sampling_rate ?? setting?.head_sampling_rate ?? 1
}

/** The share of requests whose spans are kept; docs "Workers tracing": off unless it is enabled itself, else all. */
export function tracedShare(observability: unknown): number {
  const { traces } = settingSchema.safeParse(observability).data ?? {}
  return traces?.enabled === true ? (traces.head_sampling_rate ?? 1) : 0
}
