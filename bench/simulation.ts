// Simulates rollouts under our rule and under the peers', prints the score board and writes SIMULATION.md.
// node bench/simulation.ts [--runs 4000] [--seed 1]
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { figuresOf } from './simulation/figures.ts'
import type { Rule } from './simulation/rule.ts'
import { OURS, PEERS, VARIANTS } from './simulation/rules/all.ts'
import { rolloutsOf } from './simulation/run.ts'
import { sayingsIn } from './simulation/sayings.ts'
import { SCENARIOS } from './simulation/scenarios.ts'
import type { Row } from './simulation/tables.ts'
import { falseRollbacksTable, faultsTable, publishedTable, sayingsTable } from './simulation/tables.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '4000' }, seed: { type: 'string', default: '1' } } })
const [runs, seed] = [Number(values.runs), Number(values.seed)]
if (!Number.isSafeInteger(runs) || runs < 10 || !Number.isSafeInteger(seed)) throw new Error('--runs is a whole number from 10, --seed a whole number')

function rowOf(rule: Rule): Row {
  const started = performance.now()
  const figures = Object.fromEntries(SCENARIOS.map((scenario) => [scenario.name, figuresOf(rolloutsOf(rule, scenario, { runs, seed }))]))
  console.error(`${rule.name}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return { rule: rule.name, figures }
}

const began = performance.now()
const [ours, peers, variants] = [rowOf(OURS), PEERS.map(rowOf), VARIANTS.map(rowOf)]
const sayingRuns = Math.max(10, Math.round(runs / 4))
const sayings = Object.fromEntries(SCENARIOS.map((scenario) => [scenario.name, sayingsIn(scenario, { runs: sayingRuns, seed })]))
const fewer = [...new Set([OURS, ...PEERS, ...VARIANTS].map(({ effort }) => effort))].filter((effort) => effort !== 1)
const seconds = Math.round((performance.now() - began) / 1000)
const cores = cpus()

const text = `# The verdict, simulated

Written by \`node bench/simulation.ts --runs ${runs} --seed ${seed}\`; nothing in it is typed by hand.

Machine: ${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, ${process.platform}. Date: ${new Date().toISOString().slice(0, 10)}. It took ${seconds} s.

${runs} rollouts for each rule and scenario (${fewer.map((effort) => Math.round(runs * effort)).join(', ')} for the rules that are slow to compute), each pair of a scenario and a run with a seed of its own, so every rule meets the same traffic. 1, 5, then 25 % of the traffic for ten minutes each, one poll a minute, no lag; Poisson arrivals; both versions' counts drawn anew each minute. ± is one standard error.

The peers' rules are written anew from their documents and sources, with the settings that their examples show, on the same ramp, which is not each one's own. Only \`deploy; sleep 5; curl\` sends everything at once. Failed user requests are what the candidate served until it was taken back, or for half an hour. Cloud Run Release Manager is run without its waits. In the latency scenarios a failed request is one slower than 99 % of the baseline's; times are lognormal (σ 0.8); rules with a latency limit are given 1.25 times the baseline's true p99, tests are given counts above the baseline's p95 (Sleepwell: p50, p95 and p99, averaged), and the rest look at errors alone. Clustered: a user's ten requests in a minute go to one version and share their fate; Sleepwell is given users there, the others requests.

## Nothing is wrong

Rollbacks of a candidate that is as good as the baseline. Bold: above 5 % by more than two standard errors.

${falseRollbacksTable([ours, ...peers], SCENARIOS)}

## Something is wrong

${faultsTable([ours, ...peers], SCENARIOS)}

The SPRT that knows the true rate is a limit, not a rule that anybody could run: it restores every good candidate as soon as that rate moves.

## Sleepwell with other settings

${falseRollbacksTable(variants, SCENARIOS)}

${faultsTable(variants, SCENARIOS)}

The last row is why a user must be the unit where requests share a fate.

## What Sleepwell said

Share of ${sayingRuns} rollouts in which it said so at some minute. Held: signs of harm at a step's end that are not yet a proof; a person, or the policy, decides.

${sayingsTable(sayings)}

## Beside the study before it

Sleepwell's row against the figures of the simulation that its design rests on: other code, other seeds, 4000 runs.

${publishedTable(ours)}
`
writeFileSync(new URL('SIMULATION.md', import.meta.url), text)
console.log(text)
