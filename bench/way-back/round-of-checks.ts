import { createServer } from 'node:http'
import { portOf } from '../../sandbox/world.ts'
import type { HttpCheckSpec } from '../../src/core/checks/http.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { runChecks } from '../../src/shell/checks/round.ts'
import { figuresOf } from './figures.ts'

// How much longer a round of checks takes than its slowest check and the limit of concurrency dictate.

const CHECKS = 100
const LATENCY_MS = 50
const CONCURRENCY = 10
const IDEAL_MS = Math.ceil(CHECKS / CONCURRENCY) * LATENCY_MS

const spec = (index: number): HttpCheckSpec => ({
  kind: 'http', name: `check ${index}`, method: 'GET', path: `/${index}`, headers: {}, expect: { status: [200], headers: {}, json: [] },
  proof: { kind: 'none' }, timeoutSeconds: 10, deadlineSeconds: 60,
})

/** Milliseconds of each round, beside what they could be at best. */
export async function measureRounds(rounds: number): Promise<{ readonly tookMs: readonly number[]; readonly words: string }> {
  const server = createServer((_, response) => void setTimeout(() => response.end('ok'), LATENCY_MS))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = new URL(`http://127.0.0.1:${portOf(server)}`)
  const tookMs: number[] = []
  // The first one opens the connections and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    await using probe = openProbe('sleepwell/bench')
    const startedAt = performance.now()
    const results = await runChecks(
      {
        ready: [], specs: Array.from({ length: CHECKS }, (_, index) => spec(index)), subject: { via: { kind: 'plain' } }, baseUrl,
        deadlineSeconds: 60, isPropagating: false, doesBaselineProve: false, proofsWanted: 3, settleSeconds: 0, concurrency: CONCURRENCY, isEachAloneFirst: false,
      },
      { probe, clock: systemClock, signal: new AbortController().signal },
    )
    if (results.some(({ outcome }) => outcome.kind !== 'unproven')) throw new Error('a check failed')
    if (round > 0) tookMs.push(Math.round(performance.now() - startedAt))
  }
  server.close()
  const ratio = figuresOf(tookMs).median / IDEAL_MS
  return { tookMs, words: `${CHECKS} checks of ${LATENCY_MS} ms each, ${CONCURRENCY} at a time, could take ${IDEAL_MS} ms at best; a round takes ${ratio.toFixed(2)} times that` }
}
