import { describe, expect, it } from 'vitest'
import { PRESET_NAMES, PRESETS } from '../../src/core/presets.ts'
import { LONGEST_MINUTES, rolloutOf, rolloutSchema } from '../../src/inputs/rollout.ts'
import { FILE, parse, problemsOf } from './inputs-samples.ts'

const withRollout = (rollout: string, preset?: string) => parse('deploy', { file: `rollout: ${rollout}`, ...(preset === undefined ? {} : { inputs: { rollout: preset } }) })
const resolved = (file: Parameters<typeof rolloutSchema.parse>[0]) => rolloutOf({ preset: undefined, file: rolloutSchema.parse(file), proof: undefined, checks: [] }).ramp
const lateSoak = (soak: string, deadline: string) => `expected the soaks before 100 % to be over before the deadline: with the lag of their counts they last ${soak} minutes, and the deadline comes after ${deadline} minutes`
const noRoom = (deadline: string, watch: string) => `expected the deadline (${deadline} minutes) and the watch at 100 % (${watch} minutes with the lag of its counts) to last ${LONGEST_MINUTES} minutes at most together`

describe('a rollout in sleepwell.yml is refused', () => {
  it.each([
    ['that does not end at 100 %', '{ steps: [{ percent: 1 }, { percent: 50 }] }', ':1:47: `rollout.steps.1.percent` is 50; expected 100 in the last step.'],
    ['whose shares fall', '{ steps: [{ percent: 10 }, { percent: 5 }, { percent: 100 }] }', ':1:48: `rollout.steps.1.percent` is 5; expected more than in the step before.'],
    ['whose shares stay', '{ steps: [{ percent: 10 }, { percent: 10 }, { percent: 100 }] }', ':1:48: `rollout.steps.1.percent` is 10; expected more than in the step before.'],
    ['with a share that Cloudflare could not tell from another', '{ steps: [{ percent: 0.001 }, { percent: 100 }] }', ':1:31: `rollout.steps.0.percent` is 0.001; expected two decimals at most.'],
    ['whose soaks outlast its deadline', '{ steps: [{ percent: 1, soakSeconds: 600 }, { percent: 100 }], deadlineMinutes: 10 }', `:1:19: \`rollout.steps\` is a list; ${lateSoak('10', '10')}.`],
    ['whose soaks outlast its deadline by their lag', '{ steps: [{ percent: 1, soakSeconds: 590 }, { percent: 100 }], deadlineMinutes: 10, metrics: [{ kind: graphql }] }', `:1:19: \`rollout.steps\` is a list; ${lateSoak('11.8', '10')}.`],
    ['whose preset outlasts its deadline', '{ preset: cautious, deadlineMinutes: 10 }', `:1:47: \`rollout.deadlineMinutes\` is 10; ${lateSoak('24', '10')}.`],
    ['whose preset leaves a slow source no time', '{ metrics: [{ kind: observability, lagSeconds: 900 }] }', `:1:10: \`rollout\` is a map with "metrics"; ${lateSoak('60', '30')}.`],
    ['whose watch has no time left', '{ preset: canary, deadlineMinutes: 40 }', `:1:45: \`rollout.deadlineMinutes\` is 40; ${noRoom('40', '5')}.`],
    ['whose watch has no time left for the lag', '{ steps: [{ percent: 100, soakSeconds: 720 }], metrics: [{ kind: observability }] }', `:1:19: \`rollout.steps\` is a list; ${noRoom('30', '13')}.`],
    ['of an unknown preset', '{ preset: brave }', ':1:20: `rollout.preset` is "brave"; allowed: immediate, canary, cautious.'],
  ])('%s', (_, rollout, problem) => {
    expect(problemsOf(withRollout(rollout))).toEqual([`${FILE}${problem}`])
  })
})

describe('the preset of the input', () => {
  it('wins over the preset and the steps of the file, which still says the rest', () => {
    const file = rolloutSchema.parse({ preset: 'cautious', steps: [{ percent: 100 }], pollSeconds: 30, whenInconclusive: 'rollback', deadlineMinutes: 20 })
    const { ramp } = rolloutOf({ preset: 'canary', file, proof: undefined, checks: [] })
    expect(ramp).toEqual({ steps: PRESETS.canary.steps, pollSeconds: 30, whenInconclusive: 'rollback', deadlineSeconds: 1200 })
  })

  it('is refused when it cannot get through in the time that the file gives', () => {
    expect(problemsOf(withRollout('{ preset: immediate, deadlineMinutes: 10 }', 'cautious'))).toEqual([`input "rollout": is "cautious" over what the file says; ${lateSoak('24', '10')}.`])
    expect(problemsOf(withRollout('{ preset: canary, deadlineMinutes: 20 }', 'immediate'))).toEqual([])
  })
})

describe('without a preset in the input', () => {
  it('the steps of the file win over its preset, whose deadline they keep', () => {
    expect(resolved({ preset: 'cautious', steps: [{ percent: 100, soakSeconds: 60 }] })).toMatchObject({ steps: [{ percent: 100, soakSeconds: 60 }], deadlineSeconds: PRESETS.cautious.deadlineSeconds })
  })

  it('the preset of the file wins over the usual one', () => {
    expect(resolved({ preset: 'immediate' })).toEqual(PRESETS.immediate)
  })

  it('a file that says nothing means canary', () => {
    expect(rolloutOf({ preset: undefined, file: undefined, proof: undefined, checks: [] }).ramp).toEqual(PRESETS.canary)
  })
})

it.each(PRESET_NAMES)('%s gets through in its time, whatever the usual lag of its source', (preset) => {
  expect(problemsOf(withRollout(`{ preset: ${preset}, metrics: [{ kind: graphql }] }`))).toEqual([])
})
