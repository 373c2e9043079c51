import { expect, it } from 'vitest'
import { evidenceOf } from '../../src/commands/build-report.ts'
import { begin } from '../../src/core/rollout.ts'
import { shaSchema } from '../../src/core/schemas.ts'
import type { Journal } from '../../src/core/journal.ts'
import { repeated, settingsWith, stratumOf, type Row } from '../core/analysis/samples.ts'
import { CANDIDATE, inSteps } from '../core/rollout/hostile-world.ts'

const policy = inSteps([50, 100].map((percent) => ({ percent, soakSeconds: 10, leastRequests: 0, approval: false })))

const split = (second: number, candidatePercent: number) => ({ at: `2026-11-23T14:00:${second}.000Z`, candidatePercent })

function journalWith(besides: readonly Row[], alone: readonly Row[]): Journal {
  const polls = [besides, alone].flatMap((rows, step) => rows.map((row, at) => ({ step, atSeconds: 60 * step + at + 1, seconds: 1, metrics: { errors: stratumOf(row) } })))
  return {
    schemaVersion: 1, policy, phase: begin(policy).phase, script: 'shop', sha: shaSchema.parse('a'.repeat(40)), candidate: CANDIDATE, preflight: [], rounds: [], timeline: [],
    splits: [split(10, 0), split(15, 50), split(55, 100)],
    analysis: { settings: settingsWith(), polls },
  }
}

it('shows what the candidate served alone, and what the watch found', () => {
  const { evidence } = evidenceOf(journalWith(repeated([50, 0, 50, 0], 10), repeated([100, 60, 0, 0], 3)))
  expect(evidence?.served).toEqual({ traffic: 'users', unit: 'request', total: 800, failed: 180, perSecond: 100 })
  expect(evidence?.judgement.finding.verdict).not.toBe('regressed')
  expect(evidence?.watch?.judgement.finding.verdict).toBe('regressed')
  expect(evidence?.watch?.promotedAtSeconds).toBe(40)
})

it('shows no watch before a promotion, and nothing where nothing was compared', () => {
  const { evidence } = evidenceOf(journalWith(repeated([50, 0, 50, 0], 10), []))
  expect(evidence?.served?.total).toBe(500)
  expect(evidence?.watch).toBeUndefined()
  const { analysis: _, ...bare } = journalWith([], [])
  expect(evidenceOf(bare)).toEqual({})
})
