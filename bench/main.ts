// The score board: Sleepwell beside what others do, on the same work. Writes RESULTS.md and fails if a criterion does not hold.
// npm run bench -- [--seed 1] [--runs 4000] [--seeds 20] [--peer-seeds 10] [--only way-back,simulation,gradual]
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readArguments, type Numbers, type Part } from './arguments.ts'
import { measureGradual } from './gradual/section.ts'
import { measuredBy } from './measured.ts'
import { renewed } from './results.ts'
import { textOf, type Criterion, type Section } from './section.ts'
import { measureSimulation } from './simulation/section.ts'
import { measureWayBack } from './way-back/section.ts'

const FILE = new URL('RESULTS.md', import.meta.url)
const MEASURES: Readonly<Record<Part, (numbers: Numbers) => Section | Promise<Section>>> = {
  'way-back': measureWayBack,
  simulation: measureSimulation,
  gradual: measureGradual,
}

const asked = readArguments(process.argv.slice(2))
const sections = new Map<Part, string>()
const criteria: Criterion[] = []
const began = performance.now()

for (const part of asked.parts) {
  const partBegan = performance.now()
  const section = await MEASURES[part](asked.numbers)
  const text = textOf(section, `Measured by ${measuredBy({ ...asked, parts: [part] }, performance.now() - partBegan)}`)
  sections.set(part, text)
  criteria.push(...section.criteria)
  // Written after each part, so that a later one that breaks costs nothing.
  const holding = criteria.filter(({ holds }) => holds).length
  const verdict = criteria.length === 0 ? '' : `; of its ${criteria.length} criteria ${holding} hold`
  const run = `Last run: ${measuredBy(asked, performance.now() - began)} It renewed ${[...sections.keys()].join(', ')}${verdict}.`
  writeFileSync(FILE, renewed(existsSync(FILE) ? readFileSync(FILE, 'utf8') : '', run, sections))
  console.log(text)
}

const broken = criteria.filter(({ holds }) => !holds)
for (const { demand, figure } of broken) console.error(`DOES NOT HOLD: ${demand}: ${figure}`)
process.exitCode = broken.length === 0 ? 0 : 1
