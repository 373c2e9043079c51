// The rollout that is measured and predicted: five minutes a step, scaled to seconds, and the lag with it.

/** Requests a second, by users who do not wait for each other. */
export const RATE = 300
export const BASE_ERRORS = 0.01
/** Share of requests that the bad version fails, whatever else fails. */
export const FAULT = 0.2

export const SOAK_SECONDS = 15
/** Thirty seconds of lag for five minutes of soak. */
export const LAG_SECONDS = SOAK_SECONDS / 10
export const POLL_SECONDS = 1
export const LEAST_REQUESTS = 60
/**
 * Stricter than the default of .05, by which one good rollout in sixty is taken back (the simulation's figure): twenty of
 * twenty would then be luck, about three times in four.
 */
export const ALPHA = 0.01
export const PERCENTS = [1, 10, 50, 100] as const

/** The part of `.github/sleepwell.yml` that says so. */
export function rolloutYaml(): string {
  const steps = PERCENTS.map((percent) => `    - { percent: ${percent}, soakSeconds: ${SOAK_SECONDS}, leastRequests: ${LEAST_REQUESTS} }`).join('\n')
  return `rollout:
  steps:
${steps}
  pollSeconds: ${POLL_SECONDS}
  deadlineMinutes: 5
  warmUpSeconds: 0
  analysis: { alpha: ${ALPHA} }
  metrics:
    - { kind: observability, lagSeconds: ${LAG_SECONDS}, slow: [] }
`
}
