import type { Numbers } from '../arguments.ts'
import { estimateOf, ratioOf, type Estimate } from '../estimate.ts'
import { table } from '../markdown.ts'
import type { Section } from '../section.ts'
import { criteriaOf, failedAboveBase, isRolledBack, leastRequestsPerSecond, predictedFailures } from './criteria.ts'
import { measureRollouts, type Measured } from './measure.ts'
import { INCIDENT_ERRORS, INCIDENT_SECONDS, JUMPED_ERRORS, type Rollout } from './ours.ts'
import { COUNTED_SECONDS } from './peers.ts'
import { ALPHA, BASE_ERRORS, FAULT, LAG_SECONDS, LEAST_REQUESTS, PERCENTS, RATE, SOAK_SECONDS } from './plan.ts'

function inWords({ value, error }: Estimate, digits = 1): string {
  return `${value.toFixed(digits)} ± ${error.toFixed(digits)}`
}

function count(runs: readonly Rollout[], holds: (run: Rollout) => boolean): string {
  return `${runs.filter(holds).length} of ${runs.length}`
}

const INTRODUCTION = `The built action and the real wrangler against the sandbox, whose edge runs each version in workerd. Users send ${RATE} requests a second and wait for nobody's answer; ${100 * BASE_ERRORS} % fail whichever version answers. The bad version fails one tenant of five, ${100 * FAULT} % of requests, which no check of ours sees. Steps of ${PERCENTS.join(', ')} %, ${SOAK_SECONDS} s each instead of five minutes, with a lag of ${LAG_SECONDS} s instead of thirty, by Workers Observability; at least ${LEAST_REQUESTS} requests a step; alpha ${ALPHA}, since by the default of 0.05 one good version in sixty is taken back and twenty of twenty would be luck. All failed requests are counted by the edge, beyond those that any version would have failed.`

function badTable({ bad, peers }: Measured): string {
  const ours = failedAboveBase(bad)
  const rows = peers.map(({ name, runs }) => {
    const failed = failedAboveBase(runs)
    return [`\`${name}\``, `${runs.filter((run) => run.isRolledBack).length} of ${runs.length}`, inWords(failed, 0), (failed.value / ours.value).toFixed(0)]
  })
  return table(['', 'taken back', 'failed user requests, mean of a rollout', 'beside Sleepwell'], [['**Sleepwell**', count(bad, isRolledBack), inWords(ours), '1'], ...rows])
}

function badText(measured: Measured): string {
  const { bad, predicted } = measured
  const expected = predictedFailures(measured)
  const foundAtFirst = predicted.filter(({ foundAt }) => foundAt === PERCENTS[0]).length / predicted.length
  const times = ratioOf(failedAboveBase(bad), expected)
  return `### A bad version

${badTable(measured)}

Where nobody took the version back its users were counted for ${COUNTED_SECONDS} s only; it goes on failing ${Math.round(RATE * FAULT)} of them a second.

Taken back from the ${PERCENTS[0]} % step: ${count(bad, (run) => isRolledBack(run) && run.reachedPercent === PERCENTS[0])}; predicted ${(100 * foundAtFirst).toFixed(1)} %. From the split until the baseline was back at 100 %, mean: ${inWords(estimateOf(bad.map(({ splitSeconds }) => splitSeconds)))} s.

The same rule simulated with this load and lag, where nothing else takes time (${predicted.length} rollouts): ${inWords(expected, 2)} failed user requests. Measured: **${times.value.toFixed(2)} times** that (± ${times.error.toFixed(2)}).`
}

function rateText({ bad, good, peers }: Measured): string {
  const [ours, others] = [leastRequestsPerSecond([...bad, ...good]), leastRequestsPerSecond(peers.flatMap(({ runs }) => runs))]
  return `Requests a second that users really sent and had answered, in the slowest rollout: ${Math.floor(ours)} by Sleepwell, ${Math.floor(others)} by the others.`
}

function goodText({ good }: Measured): string {
  const endings = [...new Set(good.map(({ ending }) => ending))].map((ending) => `${ending} ${count(good, (run) => run.ending === ending)}`).join(', ')
  return `### A good version

While it has 10 %, a service behind both versions fails ${100 * INCIDENT_ERRORS} % of all requests for ${INCIDENT_SECONDS} s; from 50 % on it fails ${100 * JUMPED_ERRORS} % instead of ${100 * BASE_ERRORS} %.

Ended: ${endings}.`
}

function servedIn(run: Rollout | undefined): string {
  return run === undefined ? '' : `${run.served.failed} of ${run.served.requests}`
}

/** Requests a second of a seed's two rollouts. */
function slowest(bad: Rollout, good: Rollout | undefined): string {
  return leastRequestsPerSecond(good === undefined ? [bad] : [bad, good]).toFixed(0)
}

function eachTable({ firstSeed, bad, good }: Measured): string {
  const rows = bad.map((one, at) => [`${firstSeed + at}`, `${one.ending} (${one.reason})`, `${one.reachedPercent} %`, servedIn(one), good[at]?.ending ?? '', servedIn(good[at]), slowest(one, good[at])])
  return table(['seed', 'bad version', 'at', 'failed of served', 'good version', 'failed of served', 'requests a second'], rows)
}

export async function measureGradual(numbers: Numbers): Promise<Section> {
  const measured = await measureRollouts(numbers)
  const body = [INTRODUCTION, rateText(measured), badText(measured), goodText(measured), `### Each rollout\n\n${eachTable(measured)}`].join('\n\n')
  return { title: 'Gradual rollouts, for real', criteria: criteriaOf(measured), body }
}
