import type { Numbers } from '../arguments.ts'
import type { Section } from '../section.ts'
import { anotherSeedText, distancesBetween, spreadOf } from './another-seed.ts'
import { besideTheStudy } from './beside-the-study.ts'
import { criteriaOf } from './criteria.ts'
import { figuresOf } from './figures.ts'
import type { Rule } from './rule.ts'
import { KNOWN_RATE, OURS, PEERS, VARIANTS } from './rules/all.ts'
import { rolloutsOf } from './run.ts'
import { sayingsIn, type Sayings } from './sayings.ts'
import { LATE_BREAKAGE, SCENARIOS } from './scenarios.ts'
import type { Row } from './tables.ts'
import { falseRollbacksTable, faultsTable, sayingsTable } from './tables.ts'
import type { Scenario } from './traffic.ts'

function rowOf(rule: Rule, { runs, seed }: Numbers): Row {
  const began = performance.now()
  const figures = Object.fromEntries(SCENARIOS.map((scenario) => [scenario.name, figuresOf(rolloutsOf(rule, scenario, { runs, seed }))]))
  console.error(`${rule.name}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  return { rule: rule.name, figures }
}

function introduction({ runs }: Numbers): string {
  const fewer = [...new Set([OURS, ...PEERS, KNOWN_RATE, ...VARIANTS].map(({ effort }) => effort))].filter((effort) => effort !== 1)
  return `${runs} rollouts for each rule and scenario (${fewer.map((effort) => Math.round(runs * effort)).join(', ')} for the rules that are slow to compute), each pair of a scenario and a run with a seed of its own, so every rule meets the same traffic. 1, 5, then 25 % of the traffic for ten minutes each, one poll a minute, no lag; Poisson arrivals; both versions' counts drawn anew each minute. ± is one standard error.

The peers' rules are written anew from their documents and sources, with the settings that their examples show, on the same ramp, which is not each one's own. Only \`deploy; sleep 5; curl\` sends everything at once. Failed user requests are what the candidate served until it was taken back, or for half an hour. Cloud Run Release Manager is run without its waits. In the latency scenarios a failed request is one slower than 99 % of the baseline's; times are lognormal (σ 0.8); rules with a latency limit are given 1.25 times the baseline's true p99, tests are given counts above the baseline's p95 (Sleepwell: p50, p95 and p99, averaged), and the rest look at errors alone. Clustered: a user's ten requests in a minute go to one version and share their fate; Sleepwell is given users there, the others requests.`
}

function hardStopsIn(sayings: Readonly<Record<string, Sayings>>, scenarios: readonly Scenario[]): string {
  const some = scenarios.flatMap(({ name }) => sayings[name] ?? [])
  const stops = some.reduce((sum, { grosslyBroken, runs }) => sum + Math.round(grosslyBroken * runs), 0)
  return `${stops} of ${some.reduce((sum, { runs }) => sum + runs, 0)}`
}

function sayingsText({ runs, seed }: Numbers): string {
  const sayingRuns = Math.max(10, Math.round(runs / 4))
  const scenarios = [...SCENARIOS, LATE_BREAKAGE]
  const sayings = Object.fromEntries(scenarios.map((scenario) => [scenario.name, sayingsIn(scenario, { runs: sayingRuns, seed })]))
  return `### What Sleepwell said

Share of ${sayingRuns} rollouts in which it said so at some minute. Held: signs of harm at a step's end that are not yet a proof; a person, or the policy, decides.

${sayingsTable(sayings)}

Gross breakage is what the hard stop, which alpha does not cover, adds. It restored before harm was proven in ${hardStopsIn(sayings, scenarios.filter(({ isNull }) => !isNull))} rollouts of a bad candidate, and in ${hardStopsIn(sayings, scenarios.filter(({ isNull }) => isNull))} of a good one. The last row is the case for it: what breaks late has to make up for its healthy minutes first.`
}

export function measureSimulation(numbers: Numbers): Section {
  const [ours, limit, variants] = [rowOf(OURS, numbers), rowOf(KNOWN_RATE, numbers), VARIANTS.map((variant) => rowOf(variant, numbers))]
  const peers = PEERS.map((peer) => rowOf(peer, numbers))
  const all = [ours, ...peers, limit]
  const other = { ...numbers, seed: numbers.seed + 1 }
  const spread = spreadOf(distancesBetween(all, [OURS, ...PEERS, KNOWN_RATE].map((rule) => rowOf(rule, other))))
  const body = `${introduction(numbers)}

### Nothing is wrong

Rollbacks of a candidate that is as good as the baseline. Bold: above 5 % by more than two standard errors.

${falseRollbacksTable(all, SCENARIOS)}

### Something is wrong

${faultsTable(all, SCENARIOS)}

The SPRT that knows the true rate is a limit, not a rule that anybody could run: it restores every good candidate as soon as that rate moves.

### Sleepwell with other settings

${falseRollbacksTable(variants, SCENARIOS)}

${faultsTable(variants, SCENARIOS)}

The last row is why a user must be the unit where requests share a fate.

${sayingsText(numbers)}

${anotherSeedText(spread, other.seed)}

${besideTheStudy(ours, [...peers, limit, ...variants])}`
  return { title: 'The verdict, simulated', criteria: criteriaOf({ ours, peers, limit, spread }, SCENARIOS), body }
}
