// Rolls out good and bad versions under load, by Sleepwell and as many do it today, and writes GRADUAL.md.
// node bench/gradual.ts [--seeds 20] [--peer-seeds 10] [--seed 1]
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { rollOutBad, rollOutGood, type Rollout } from './gradual/ours.ts'
import { COUNTED_SECONDS, PEERS, runPeer, type PeerRun } from './gradual/peers.ts'
import { BASE_ERRORS, FAULT, LAG_SECONDS, LEAST_REQUESTS, PERCENTS, RATE, SOAK_SECONDS } from './gradual/plan.ts'
import { predict } from './gradual/prediction.ts'
import { openProduction, type Production } from './gradual/production.ts'
import { estimateOf, type Estimate } from './simulation/figures.ts'

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '20' }, 'peer-seeds': { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } } })
const [seeds, peerSeeds, firstSeed] = [Number(values.seeds), Number(values['peer-seeds']), Number(values.seed)]
if (![seeds, peerSeeds].every((count) => Number.isSafeInteger(count) && count > 0) || !Number.isSafeInteger(firstSeed)) throw new Error('--seeds and --peer-seeds are whole numbers from 1, --seed a whole number')
const PREDICTED_RUNS = 4000

/** One after the other, so that no rollout takes another's processor. */
async function forEachSeed<T>(what: string, count: number, run: (production: Production, seed: number) => Promise<T>): Promise<readonly T[]> {
  await using production = await openProduction()
  const runs: T[] = []
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    runs.push(await run(production, seed))
    console.error(`${what}: ${runs.length} of ${count}`)
  }
  return runs
}

function told(what: string, rollout: Rollout): Rollout {
  console.error(`${what}: ${rollout.ending} ${rollout.reason} at ${rollout.reachedPercent} %, ${rollout.served.failed} of ${rollout.served.requests} failed`)
  return rollout
}

const began = performance.now()
const bad = await forEachSeed('Sleepwell, bad version', seeds, async (production, seed) => told('bad', await rollOutBad(production, seed)))
const peers: (readonly [name: string, runs: readonly PeerRun[]])[] = []
for (const peer of PEERS) peers.push([peer.name, await forEachSeed(peer.name, peerSeeds, (production, seed) => runPeer(production, peer, seed))])
const good = await forEachSeed('Sleepwell, good version', seeds, async (production, seed) => told('good', await rollOutGood(production, seed)))
const predicted = predict(PREDICTED_RUNS, firstSeed)

const failedOf = (runs: readonly { readonly served: { readonly failedAboveBase: number } }[]) => estimateOf(runs.map(({ served }) => served.failedAboveBase))
const inWords = ({ value, error }: Estimate, digits = 1) => `${value.toFixed(digits)} ± ${error.toFixed(digits)}`
const ours = failedOf(bad)
const expected = estimateOf(predicted.map(({ failedAboveBase }) => failedAboveBase))
const count = (runs: readonly Rollout[], holds: (run: Rollout) => boolean) => `${runs.filter(holds).length} of ${runs.length}`
const isRolledBack = ({ ending, reason }: Rollout) => ending === 'rolled-back' && reason === 'regressed'
const foundAtFirst = predicted.filter(({ foundAt }) => foundAt === PERCENTS[0]).length / PREDICTED_RUNS
const ratio = (failed: Estimate) => (failed.value / ours.value).toFixed(0)
const peerRow = ([name, runs]: (typeof peers)[number]) => {
  const failed = failedOf(runs)
  return `| \`${name}\` | ${runs.filter((run) => run.isRolledBack).length} of ${runs.length} | ${inWords(failed, 0)} | ${ratio(failed)} |`
}
const endings = [...new Set(good.map(({ ending }) => ending))].map((ending) => `${ending} ${count(good, (run) => run.ending === ending)}`).join(', ')
const cores = cpus()

const text = `# Gradual rollouts, for real

Written by \`node bench/gradual.ts --seeds ${seeds} --peer-seeds ${peerSeeds} --seed ${firstSeed}\`; nothing in it is typed by hand.

Machine: ${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, ${process.platform}. Date: ${new Date().toISOString().slice(0, 10)}. It took ${Math.round((performance.now() - began) / 60_000)} min.

The built action and the real wrangler against the sandbox, whose edge runs each version in workerd. Users send ${RATE} requests a second and wait for nobody's answer; ${100 * BASE_ERRORS} % fail whichever version answers. The bad version fails one tenant of five, ${100 * FAULT} % of requests, which no check of ours sees. Steps of ${PERCENTS.join(', ')} %, ${SOAK_SECONDS} s each instead of five minutes, with a lag of ${LAG_SECONDS} s instead of thirty, by Workers Observability; at least ${LEAST_REQUESTS} requests a step. All failed requests are counted by the edge, beyond those that any version would have failed.

## A bad version

| | taken back | failed user requests, mean of a rollout | beside Sleepwell |
| --- | --- | --- | --- |
| **Sleepwell** | ${count(bad, isRolledBack)} | ${inWords(ours)} | 1 |
${peers.map(peerRow).join('\n')}

Where nobody took the version back its users were counted for ${COUNTED_SECONDS} s only; it goes on failing ${Math.round(RATE * FAULT)} of them a second.

Taken back from the ${PERCENTS[0]} % step: ${count(bad, (run) => isRolledBack(run) && run.reachedPercent === PERCENTS[0])}; predicted ${(100 * foundAtFirst).toFixed(1)} %. From the split until the baseline was back at 100 %, mean: ${inWords(estimateOf(bad.map(({ splitSeconds }) => splitSeconds)))} s.

The same rule simulated with this load and lag, where nothing else takes time (${PREDICTED_RUNS} rollouts): ${inWords(expected, 2)} failed user requests. Measured: **${(ours.value / expected.value).toFixed(2)} times** that (± ${(ours.error / expected.value).toFixed(2)}).

## A good version

While it has 10 %, a service behind both versions fails a fifth of all requests for ${SOAK_SECONDS * 0.4} s; from 50 % on it fails 5 % instead of 1 %.

Ended: ${endings}.

## Each rollout

| seed | bad version | at | failed of served | good version | failed of served |
| --- | --- | --- | --- | --- | --- |
${bad.map((one, at) => `| ${firstSeed + at} | ${one.ending} (${one.reason}) | ${one.reachedPercent} % | ${one.served.failed} of ${one.served.requests} | ${good[at]?.ending ?? ''} | ${good[at]?.served.failed ?? ''} of ${good[at]?.served.requests ?? ''} |`).join('\n')}
`
writeFileSync(new URL('GRADUAL.md', import.meta.url), text)
console.log(text)
