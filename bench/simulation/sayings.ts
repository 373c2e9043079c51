import { addPoll, freshEvidence } from '../../src/core/analysis/evidence.ts'
import { findingOf } from '../../src/core/analysis/verdict.ts'
import { randomFrom, seedFrom } from './random.ts'
import { pollOf, settingsFor } from './rules/ours.ts'
import type { Scenario } from './traffic.ts'
import { drawMinute, MINUTES } from './traffic.ts'

/** Share of rollouts in which Sleepwell, whatever it did in the end, at some minute said so. */
export interface Sayings {
  readonly runs: number
  /** Regressed, by the e-process. */
  readonly harmProven: number
  /** Regressed, by the hard stop, before the e-process had proven harm: what it adds. */
  readonly grosslyBroken: number
  readonly sharedIncident: number
  /** At the end of a step, signs of harm that forbade to go on without being a proof. */
  readonly heldForSigns: number
  readonly exonerated: number
}

type Seen = Readonly<Record<'harmProven' | 'grosslyBroken' | 'sharedIncident' | 'heldForSigns' | 'exonerated', boolean>>

function watchOne(scenario: Scenario, seed: number): Seen {
  const settings = settingsFor(scenario, { tolerance: 5, exonerateOver: 'rollout' })
  const random = randomFrom(seed)
  let evidence = freshEvidence(settings)
  let seen: Seen = { harmProven: false, grosslyBroken: false, sharedIncident: false, heldForSigns: false, exonerated: false }
  for (let at = 0; at < MINUTES && !seen.harmProven && !seen.grosslyBroken; at += 1) {
    const minute = drawMinute(random, scenario, at)
    evidence = addPoll(settings, evidence, pollOf(scenario, minute))
    const { verdict, because } = findingOf(settings, evidence)
    seen = {
      harmProven: because === 'harm-proven',
      grosslyBroken: because === 'gross-breakage',
      sharedIncident: seen.sharedIncident || verdict === 'shared-incident',
      heldForSigns: seen.heldForSigns || (minute.endsStep && because === 'signs-of-harm'),
      exonerated: seen.exonerated || verdict === 'exonerated',
    }
  }
  return seen
}

export function sayingsIn(scenario: Scenario, { runs, seed }: { readonly runs: number; readonly seed: number }): Sayings {
  const all = Array.from({ length: runs }, (_, at) => watchOne(scenario, seedFrom(`${seed}/${scenario.name}/${at}`)))
  const share = (kind: keyof Seen) => all.filter((seen) => seen[kind]).length / runs
  return {
    runs,
    harmProven: share('harmProven'),
    grosslyBroken: share('grosslyBroken'),
    sharedIncident: share('sharedIncident'),
    heldForSigns: share('heldForSigns'),
    exonerated: share('exonerated'),
  }
}
