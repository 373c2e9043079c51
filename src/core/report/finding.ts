import type { Judgement, MetricFigures, StepFigures } from '../analysis/judgement.ts'
import { duration } from './clock-face.ts'
import { plainLine } from './escape.ts'
import { eValue, grouped, rate, timesTheBaseline } from './numerals.ts'

/** What the comparison has found, in one plain sentence with its numbers; metrics' names stand in backticks. */
export function describeFinding(judgement: Judgement): string {
  const { finding, harm, health } = judgement
  const harmNow = `evidence for harm is at ${eValue(harm.now)}`
  switch (finding.because) {
    case 'harm-proven':
      return `Regressed: the evidence for harm reached ${eValue(harm.peak)}, where ${eValue(harm.needed)} is proof${leaning(judgement)}. A harmless version gets to ${eValue(harm.needed)} in at most ${rate(1 / harm.needed)} of rollouts.`
    case 'gross-breakage':
      return `Regressed: most of the candidate's requests fail and hardly any of the baseline's${lastCounts(judgement)}. That is enough by itself; ${harmNow}, where ${eValue(harm.needed)} is proof.`
    case 'health-proven':
      return `Exonerated: the evidence for health reached ${eValue(health.now)}, where ${eValue(health.needed)} is proof${bounds(judgement)}.`
    case 'both-bad':
      return `Shared incident: the baseline is ill as well${lastCounts(judgement)}, so the candidate is not blamed; ${harmNow}, where ${eValue(harm.needed)} is proof.`
    case 'nothing-compared':
      return 'Inconclusive: in this step no metric has yet counted requests of both versions, so nothing could be compared.'
    case 'signs-of-harm':
      return `Inconclusive: ${harmNow}, above the ${eValue(harm.signs)} from which on no step is taken and below the ${eValue(harm.needed)} that are proof.`
    case 'no-proof-yet':
      return `Inconclusive: nothing is proven yet, neither harm (${eValue(harm.now)}, where ${eValue(harm.needed)} is proof) nor health (${eValue(health.now)}, where ${eValue(health.needed)} is proof).`
  }
}

/** The same of the watch after promotion, which has the baseline's counts of before to go by, and looks for harm alone. */
export function describeWatch(judgement: Judgement): string {
  const { finding, harm, metrics } = judgement
  const margin = Math.max(...metrics.filter(({ acts }) => acts).map((metric) => metric.margin))
  const proof = `where ${eValue(harm.needed)} is proof`
  switch (finding.because) {
    case 'harm-proven':
      return `Regressed after the promotion: beside what the baseline served before, the evidence for harm reached ${eValue(harm.peak)}, ${proof}${leaning(judgement)}. Only a bad rate above ${timesTheBaseline(margin)} counts, so a version that is as good gets there in at most ${rate(1 / harm.needed)} of rollouts, as long as traffic stays what it was.`
    case 'gross-breakage':
      return `Regressed after the promotion: most of the candidate's requests fail, and hardly any of the baseline's did before${lastCounts(judgement)}. That is enough by itself; the evidence for harm is at ${eValue(harm.now)}, ${proof}.`
    case 'nothing-compared':
      return "The watch saw nothing: no counts of the candidate alone could be held against the baseline's before."
    case 'both-bad':
    case 'signs-of-harm':
    case 'health-proven':
    case 'no-proof-yet':
      return `The watch has proven no harm: the evidence for it is at ${eValue(harm.now)}, ${proof}. Only a bad rate above ${timesTheBaseline(margin)} counts.`
  }
}

/** What is to be known of a watch that ended undecided; the candidate stays, since no harm was found. */
export function describeBlindWatch(judgement: Judgement, { seenSeconds, soakSeconds }: { readonly seenSeconds: number; readonly soakSeconds: number }): string {
  const saw = judgement.finding.because === 'nothing-compared' ? describeWatch(judgement) : `The watch saw ${duration(seenSeconds * 1000)} of its ${duration(soakSeconds * 1000)}, and not its end; no harm is proven in what it saw.`
  return `${saw} The candidate stays: watch it yourself.`
}

/** Which metric speaks most for harm; not worth a word if there is only one. */
function leaning({ metrics }: Judgement): string {
  const acting = metrics.filter(({ acts }) => acts)
  const most = acting.toSorted((one, other) => other.harm.peak - one.harm.peak)[0]
  return most === undefined || acting.length < 2 ? '' : `, most of it from ${quoted(most.name)}`
}

/** How bad the candidate may still be, at worst, after its proof of health. */
function bounds({ metrics }: Judgement): string {
  const acting = metrics.filter(({ acts }) => acts)
  const loosest = Math.max(...acting.map(({ tolerance }) => tolerance))
  if (acting.length === 0) return ''
  const every = acting.length === 1 ? '' : ' in every metric that acts'
  return `: its bad rate is below ${timesTheBaseline(loosest)}${every}`
}

/** The newest counts of the errors that stand out most. */
function lastCounts({ metrics }: Judgement): string {
  const errors = metrics.filter(({ kind, acts }) => kind === 'errors' && acts)
  const worst = errors.flatMap(newest).toSorted((one, other) => other.step.candidateRate.rate - one.step.candidateRate.rate)[0]
  if (worst === undefined) return ''
  const { candidate, baseline } = worst.step
  return ` (${quoted(worst.name)} in this step: candidate ${grouped(candidate.bad)} of ${grouped(candidate.total)}, baseline ${grouped(baseline.bad)} of ${grouped(baseline.total)})`
}

function newest({ name, steps }: MetricFigures): readonly { readonly name: string; readonly step: StepFigures }[] {
  const step = steps.at(-1)
  return step === undefined ? [] : [{ name, step }]
}

/** In backticks, which end at the next one. */
function quoted(name: string): string {
  return `\`${plainLine(name, 60).replaceAll('`', "'")}\``
}
