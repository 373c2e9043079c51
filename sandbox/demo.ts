// `npm run demo`: deploys the example Worker through the caller workflow in the sandbox, and shows what users met.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { playMain } from './demo/main-scenario.ts'
import { openStage } from './demo/stage.ts'
import { OTHER_SCENARIOS } from './demo/other-scenarios.ts'

const names = ['main', ...Object.keys(OTHER_SCENARIOS)]
const { values } = parseArgs({ options: { scenario: { type: 'string', default: 'main' }, verbose: { type: 'boolean', default: false } } })
if (!names.includes(values.scenario)) {
  console.error(`There is no scenario "${values.scenario}". There are: ${names.join(', ')}.`)
  process.exit(2)
}
if (!existsSync(new URL('../dist/main/index.js', import.meta.url))) {
  console.error('dist/ is missing: run "npm run build" first.')
  process.exit(2)
}

{
  await using stage = await openStage({ verbose: values.verbose })
  const play = values.scenario === 'main' ? playMain : OTHER_SCENARIOS[values.scenario]
  const isAsPromised = await play?.(stage)
  process.exitCode = isAsPromised === true ? 0 : 1
}
process.exit()
