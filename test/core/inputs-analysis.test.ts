import { expect, it } from 'vitest'
import { analysisSettingsSchema } from '../../src/core/analysis/settings.ts'
import { parseFile } from '../../src/inputs/file.ts'
import { describeProblem } from '../../src/inputs/problems.ts'

const parsed = (text: string) => parseFile('sleepwell.yml', text, { environment: 'production', keys: ['rollout'], variables: {} })
const problemsOf = (text: string) => parsed(text).problems.map(describeProblem)
const settingsOf = (analysis: string) => analysisSettingsSchema.parse({ ...parsed(`rollout: { analysis: ${analysis} }`).part?.rollout?.analysis, metrics: [{ name: 'errors', kind: 'errors' }] })

it('takes every setting of the analysis to the core, and leaves what is not given to it', () => {
  const usual = settingsOf('{}')
  expect(settingsOf('{ signsOfHarm: 8, exonerateOver: rollout, hardStop: { leastBad: 9, polls: 2 }, incident: { rate: 0.2 } }')).toEqual({
    ...usual,
    signsOfHarm: 8,
    exonerateOver: 'rollout',
    hardStop: { ...usual.hardStop, leastBad: 9, polls: 2 },
    incident: { ...usual.incident, rate: 0.2 },
  })
})

it.each([
  ['rollout: { analysis: { form: ratio } }', '`rollout.analysis.form` is "ratio"; allowed: risk-ratio, odds-ratio.'],
  ['rollout: { analysis: { hardStop: { polls: 61 } } }', '`rollout.analysis.hardStop.polls` is 61; allowed: at most 60.'],
  ['rollout: { analysis: { incident: { rate: 1 } } }', '`rollout.analysis.incident.rate` is 1; allowed: at most 0.99.'],
  ['rollout: { analysis: { signsOfHarm: 20 } }', '`rollout.analysis.signsOfHarm` is 20; expected less than proof, which is 1 / alpha.'],
  ['rollout: { pollSeconds: 181 }', '`rollout.pollSeconds` is 181; allowed: at most 180.'],
])('refuses %s', (text, problem) => {
  expect(problemsOf(text).join()).toContain(problem)
})
