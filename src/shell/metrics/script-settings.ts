import type { z } from 'zod'
import { asRead } from '../cloudflare/answer-meaning.ts'
import type { AccountApi } from './account-api.ts'

export const TRY_AGAIN = 'Run the deploy again; https://www.cloudflarestatus.com tells of incidents.'

export type ReadSettings<Value> = { readonly kind: 'ok'; readonly value: Value } | { readonly kind: 'refused'; readonly problem: string; readonly remedy: string }

/** A Worker's settings that belong to no version: what it records, and who listens to it. */
export async function readScriptSettings<Value>(api: Pick<AccountApi, 'read' | 'told'>, script: string, schema: z.ZodType<Value>): Promise<ReadSettings<Value>> {
  const read = asRead(await api.read(`/workers/scripts/${encodeURIComponent(script)}/script-settings`), schema)
  switch (read.kind) {
    case 'absent':
      return { kind: 'refused', problem: `there is no Worker ${script}`, remedy: 'Check the name of the Worker and CLOUDFLARE_ACCOUNT_ID.' }
    case 'denied':
      return { kind: 'refused', problem: `the settings of ${script} cannot be read: ${api.told(read.message)}`, remedy: 'Give CLOUDFLARE_API_TOKEN the permission "Workers Scripts: Read" or "Edit".' }
    case 'unavailable':
      return { kind: 'refused', problem: `the settings of ${script} could not be read: ${api.told(read.message)}`, remedy: TRY_AGAIN }
    case 'ok':
      return read
  }
}
