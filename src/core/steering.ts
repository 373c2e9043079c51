import { z } from 'zod'

/** What a person may say to a rollout under way. */
export const steeringSchema = z.enum(['pause', 'resume', 'promote', 'abort', 'approve'])
export type Steering = z.infer<typeof steeringSchema>

export function isSteering(text: string): text is Steering {
  return steeringSchema.safeParse(text).success
}
