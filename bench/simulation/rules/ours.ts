import type { Poll } from '../../../src/core/analysis/counts.ts'
import { addPoll, freshEvidence } from '../../../src/core/analysis/evidence.ts'
import type { AnalysisSettings } from '../../../src/core/analysis/settings.ts'
import { analysisSettingsSchema } from '../../../src/core/analysis/settings.ts'
import { findingOf } from '../../../src/core/analysis/verdict.ts'
import type { Rule } from '../rule.ts'
import { ramp } from '../rule.ts'
import type { Minute, Scenario, Served } from '../traffic.ts'

export interface Variant {
  readonly alpha?: number
  readonly margin?: number
  readonly form?: 'risk-ratio' | 'odds-ratio'
  /** Counts requests even where users share a fate; false gives it users there. */
  readonly countsRequests?: boolean
  readonly tolerance?: number
  readonly exonerateOver?: 'step' | 'rollout'
}

const QUANTILES = ['p50', 'p95', 'p99'] as const

export function settingsFor(scenario: Scenario, { alpha = 0.05, margin = 1, form = 'risk-ratio', tolerance = 2, exonerateOver = 'step' }: Variant = {}): AnalysisSettings {
  const metric = { margin, form, tolerance }
  const metrics =
    scenario.signal === 'latency'
      ? QUANTILES.map((name) => ({ ...metric, name, kind: 'latency' }))
      : [{ ...metric, name: 'errors', kind: 'errors', unit: scenario.requestsPerUser > 1 ? 'user' : 'request' }]
  return analysisSettingsSchema.parse({ metrics, alpha, exonerateOver })
}

/** A minute of the simulated traffic as the analysis is given it. */
export function pollOf(scenario: Scenario, { minute, step, candidate, baseline }: Minute, countsRequests = false): Poll {
  const atSeconds = 60 * (minute + 1)
  if (scenario.signal === 'errors') {
    const errors = countsRequests ? { candidate: candidate.requests, baseline: baseline.requests } : { candidate: candidate.users, baseline: baseline.users }
    return { step, atSeconds, metrics: { errors } }
  }
  const above = (served: Served, quantile: (typeof QUANTILES)[number]) => ({ total: served.requests.total, bad: served.slow[quantile] })
  const metrics = Object.fromEntries(QUANTILES.map((name) => [name, { candidate: above(candidate, name), baseline: above(baseline, name) }]))
  return { step, atSeconds, metrics }
}

/** The product's own code, poll by poll, hard stop included. */
export function ours(name: string, variant: Variant = {}, effort = 1): Rule {
  return ramp(
    name,
    (scenario) => {
      const settings = settingsFor(scenario, variant)
      let evidence = freshEvidence(settings)
      return (minute) => {
        evidence = addPoll(settings, evidence, pollOf(scenario, minute, variant.countsRequests))
        return findingOf(settings, evidence).verdict === 'regressed'
      }
    },
    effort,
  )
}
