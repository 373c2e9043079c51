// Compares the candidate with the baseline while both serve the same traffic: judgeAnalysis(settings, polls), one poll an
// interval, oldest first. What a step should do next, of what it has seen, is look.ts's; after promotion it is watch.ts's.
//
// Save the polls, not the evidence: the same polls always give the same judgement.
// Once regressed, a rollout stays regressed; every other finding may change with the next poll.
//
// What the caller owes, or the guarantee (a harmless candidate is called regressed with a chance of at most alpha) is void:
// - one poll an interval, at most a few minutes, never joined over a step's rise; each request counted once
// - raw sampled counts, never extrapolated ones; the same sampling for both versions of one metric
// - a metric that its source could not tell is left out of the poll; zero means "counted, and there were none"
// - requests routed at random within an interval. With an affinity key a user is the unit, counted bad at most once a step
// - latency: `bad` is the count above a threshold frozen before the first step (latency.ts), one metric a threshold,
//   the thresholds of one source sharing one weight; margin about 1.25 for cold starts
// The hard stop is outside of alpha.
//
// Formulas: risk-ratio-form.ts and odds-ratio-form.ts (one stratum), e-process.ts (the bets), evidence.ts (several metrics),
// hard-stop.ts, shared-incident.ts, confidence-sequence.ts, smallest-visible.ts, requests-needed.ts (planning).
import type { Poll } from './counts.ts'
import type { Evidence } from './evidence.ts'
import { addPoll, freshEvidence } from './evidence.ts'
import { figuresOfMetric } from './figures.ts'
import type { Finding, Judgement } from './judgement.ts'
import { shownExp } from './log-space.ts'
import { isSharedIncident } from './shared-incident.ts'
import type { AnalysisSettings } from './settings.ts'
import { actingMetrics } from './window.ts'

/** What the evidence amounts to. Proof of harm comes first: the test stays valid while both versions are ill. */
export function findingOf(settings: AnalysisSettings, evidence: Evidence): Finding {
  if (evidence.logHarmPeak >= -Math.log(settings.alpha)) return { verdict: 'regressed', because: 'harm-proven' }
  if (evidence.broken) return { verdict: 'regressed', because: 'gross-breakage' }
  if (isSharedIncident(settings, evidence.recent)) return { verdict: 'shared-incident', because: 'both-bad' }
  const acting = actingMetrics(settings)
  // One that its source never told may be the one that would have shown it.
  if (acting.length === 0 || acting.some(({ name }) => evidence.metrics[name]?.compared !== true)) return { verdict: 'inconclusive', because: 'nothing-compared' }
  if (evidence.logHarm >= Math.log(settings.signsOfHarm)) return { verdict: 'inconclusive', because: 'signs-of-harm' }
  if (evidence.logHealth >= -Math.log(settings.exonerateAlpha)) return { verdict: 'exonerated', because: 'health-proven' }
  return { verdict: 'inconclusive', because: 'no-proof-yet' }
}

/** Judges all polls so far, oldest first. Total: no input makes it throw, and every number in the answer is finite. */
export function judgeAnalysis(settings: AnalysisSettings, polls: readonly Poll[]): Judgement {
  const overTime: Judgement['overTime'][number][] = []
  let evidence = freshEvidence(settings)
  for (const poll of polls) {
    evidence = addPoll(settings, evidence, poll)
    const { logHarm, logHealth } = evidence
    overTime.push({ step: poll.step, atSeconds: poll.atSeconds, harm: shownExp(logHarm), health: shownExp(logHealth) })
  }
  return {
    finding: findingOf(settings, evidence),
    polls: polls.length,
    harm: {
      now: shownExp(evidence.logHarm),
      peak: shownExp(evidence.logHarmPeak),
      needed: 1 / settings.alpha,
      signs: settings.signsOfHarm,
    },
    health: { now: shownExp(evidence.logHealth), needed: 1 / settings.exonerateAlpha },
    metrics: settings.metrics.map((metric) => figuresOfMetric(settings, { metric, evidence, polls })),
    overTime,
  }
}
