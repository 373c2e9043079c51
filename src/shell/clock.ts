import { setTimeout as sleepFor } from 'node:timers/promises'

/** Time as the shell sees it; core is told the time as data. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Resolves early, without an error, when the signal aborts. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(seconds, signal) {
    if (seconds <= 0 || signal?.aborted === true) return
    await sleepFor(seconds * 1000, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  },
}
