import { z } from 'zod'
import { cdpCheck } from './checks/cdp.ts'
import { commandCheck } from './checks/command.ts'
import { discordCheck } from './checks/discord.ts'
import { healthCheck } from './checks/health.ts'
import { httpCheck } from './checks/http.ts'
import { slackCheck } from './checks/slack.ts'
import { pageCheck } from './checks/page.ts'
import { kvCheck, r2Check } from './checks/storage.ts'
import { telegramCheck } from './checks/telegram.ts'
import { webSocketCheck } from './checks/websocket.ts'
import { freezeSchema } from './freeze.ts'
import { rolloutSchema } from './rollout.ts'
import { sinkSchema } from './sinks.ts'
import { count, proofSchema, seconds, strict, url } from './schema-parts.ts'

// One schema: it decodes sleepwell.yml, and `schema/sleepwell.schema.json` is generated from it.

const checks = [httpCheck, healthCheck, pageCheck, r2Check, kvCheck, telegramCheck, discordCheck, slackCheck, webSocketCheck, cdpCheck, commandCheck] as const
export const CHECK_KINDS = checks.map(({ shape }) => shape.kind.value)
const checkSchema = z.discriminatedUnion('kind', checks, { error: `allowed: ${CHECK_KINDS.join(', ')}` })

const gateWorkflowSchema = strict({
  path: z.string().regex(/^\.github\/workflows\/[\w.-]+\.ya?ml$/, 'expected .github/workflows/<file>.yml'),
  events: z.array(z.enum(['push', 'merge_group', 'workflow_dispatch', 'schedule'])).min(1).default(['push']),
  jobs: z.array(z.string().min(1)).default([]).describe('Jobs that must have run and succeeded.'),
})

const partShape = {
  url: url.optional().describe('Address of the Worker in production.'),
  proof: proofSchema.optional(),
  ready: z.array(checkSchema).min(1).max(10).optional().describe('Must pass before the other checks begin: a Worker that is starting is waited for.'),
  checks: z.array(checkSchema).min(1).max(100).optional(),
  limits: strict({
    concurrency: count(1, 50).default(10).describe('Checks side by side.'),
    deadlineSeconds: seconds(900).default(240).describe('Of one round: waiting for the version, `ready` and all checks together.'),
  }).optional(),
  preExisting: z.enum(['warn', 'block']).optional().describe('What was broken before this deploy: `warn` reports it and blames nobody, `block` lets only a version through that mends it.'),
  gate: strict({ workflows: z.array(gateWorkflowSchema).min(1) }).optional(),
  rollout: rolloutSchema.optional().describe('How a version gets from the stage to everybody, and what it is compared by.'),
  freeze: z.array(freezeSchema).max(50).optional().describe('Times in which no deploy goes forward; rollbacks always do.'),
  drift: z.enum(['warn', 'refuse']).optional().describe('What to do when production was changed around CI.'),
  notify: z.array(sinkSchema).max(20).optional().describe('Where the team is told of each deploy.'),
  triggers: z.enum(['apply', 'skip']).optional().describe('Whether routes, crons and queue consumers are applied after promotion.'),
}

export const sleepwellSchema = strict({
  ...partShape,
  environments: z.record(z.string(), strict(partShape)).optional().describe('Each over the common part, key by key.'),
})

export type SleepwellFile = z.infer<typeof sleepwellSchema>
export type SleepwellPart = Omit<SleepwellFile, 'environments'>
export type FileCheck = z.infer<typeof checkSchema>
